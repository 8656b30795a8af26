package tinderbox.common;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A temporary lack of something that the machine has, such as threads or file descriptors. What failed because of it can
 * be retried later.
 */
public final class ResourceShortage {
    /** That no more threads can be started. */
    public static final String THREADS = "threads";

    /** Failures of tasks reach the driver as text, so only their words can tell. */
    private static final Map<String, String> BY_WORDS =
            Map.of("unable to create native thread", THREADS, "Too many open files", "file descriptors");

    private ResourceShortage() {}

    /** What was missing, such as {@code threads}; empty if {@code thrown} has another reason. */
    public static Optional<String> of(Throwable thrown) {
        return Causes.of(thrown)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .flatMap(message -> BY_WORDS.entrySet().stream().filter(each -> message.contains(each.getKey())))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
