package tinderbox.executor;

import java.io.Serializable;

/**
 * The driver's answer to a request.
 *
 * @param value null if there is none, or if the request failed
 * @param problem why the request failed; null if it did not
 */
record Answer(Object value, String problem) implements Serializable {}
