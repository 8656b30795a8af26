package tinderbox.executor;

import java.io.Serializable;

/**
 * A request and its sender.
 *
 * @param executor Spark's id of the executor, such as {@code 0}
 * @param answered whether the sender waits for an answer
 */
record Envelope(String executor, Request<?> request, boolean answered) implements Serializable {}
