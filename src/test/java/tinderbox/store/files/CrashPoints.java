package tinderbox.store.files;

import java.util.Arrays;
import java.util.List;

/** Lets tests elsewhere walk the crash points, so that none can be forgotten. */
public final class CrashPoints {
    private CrashPoints() {}

    /** The name of every crash point. */
    public static List<String> names() {
        return Arrays.stream(CrashPoint.values()).map(Enum::name).toList();
    }
}
