package tinderbox.common;

import java.util.Objects;
import java.util.stream.Stream;

/** The chain of causes of a failure. */
public final class Causes {
    /** The chain may be circular. */
    private static final int MAX_DEPTH = 50;

    private Causes() {}

    /** The failure itself, its cause, and so on to the root, or to a depth that no real chain has. */
    public static Stream<Throwable> of(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause).limit(MAX_DEPTH);
    }
}
