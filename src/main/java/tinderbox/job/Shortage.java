package tinderbox.job;

import java.util.Map;
import java.util.Optional;

/**
 * That the machine has run out of something that it will have again, such as threads or file descriptors. What runs into
 * it has done nothing wrong, and succeeds if it is tried again later.
 */
public final class Shortage {
    /** That no more threads can be started. */
    public static final String THREADS = "threads";

    /** Failures of tasks reach the driver as text, so that their words must do. */
    private static final Map<String, String> BY_WORDS =
            Map.of("unable to create native thread", THREADS, "Too many open files", "file descriptors");

    /** Chains of causes may be circular. */
    private static final int DEEPEST = 50;

    private Shortage() {}

    /** What was missing, such as {@code threads}; empty if {@code thrown} has another reason. */
    public static Optional<String> of(Throwable thrown) {
        int depth = 0;
        for (Throwable link = thrown; link != null && depth < DEEPEST; link = link.getCause(), depth++) {
            String message = link.getMessage();
            if (message == null) {
                continue;
            }
            for (Map.Entry<String, String> each : BY_WORDS.entrySet()) {
                if (message.contains(each.getKey())) {
                    return Optional.of(each.getValue());
                }
            }
        }
        return Optional.empty();
    }
}
