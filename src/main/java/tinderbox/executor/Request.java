package tinderbox.executor;

import java.io.Serializable;

/**
 * A message from an executor to the driver. Implementations are records in this package; {@link MessageCodec} says of which
 * types their parts may be, and refuses others.
 *
 * @param <A> the type of the answer, to which the same applies; {@link Void} for none
 */
public interface Request<A> extends Serializable {}
