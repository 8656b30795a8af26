package tinderbox.executor;

import java.io.Serializable;

/**
 * A message from an executor to the driver. Implementations are records in this package whose parts are types of the JDK
 * or of this package; {@link MessageCodec} refuses others.
 *
 * @param <A> the type of the answer, to which the same applies; {@link Void} for none
 */
public interface Request<A> extends Serializable {}
