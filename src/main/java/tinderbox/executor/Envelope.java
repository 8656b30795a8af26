package tinderbox.executor;

import java.io.Serializable;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A request and its sender.
 *
 * @param executor Spark's id of the executor, such as {@code 0}
 * @param answered whether the sender waits for an answer
 */
record Envelope(String executor, Request<?> request, boolean answered) implements Serializable {
    private static final Pattern ID = Pattern.compile("\\w{1,20}");

    Envelope {
        if (!ID.matcher(executor).matches()) {
            throw new IllegalArgumentException("not the id of an executor");
        }
        Objects.requireNonNull(request);
    }
}
