package tinderbox.common;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A temporary lack of a resource of the machine, such as threads or file descriptors. What failed because of it can be
 * retried later.
 */
public final class ResourceShortage {
    public static final String THREADS = "threads";

    /** By message, because failures of tasks reach the driver as text. */
    private static final Map<String, String> BY_MESSAGE = Map.of(
            "unable to create native thread",
            THREADS,
            "Too many open files",
            "file descriptors",
            LargeStack.EXHAUSTED,
            "threads that plan queries");

    private ResourceShortage() {}

    /** The missing resource, such as {@code threads}; empty if {@code thrown} has another reason. */
    public static Optional<String> of(Throwable thrown) {
        return Causes.of(thrown)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .flatMap(message -> BY_MESSAGE.entrySet().stream().filter(each -> message.contains(each.getKey())))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
