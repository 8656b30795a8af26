package tinderbox.store.files;

import java.util.Arrays;
import java.util.List;

/** Lists the crash points for tests in other packages, so that none is forgotten. */
public final class CrashPoints {
    private CrashPoints() {}

    public static List<String> names() {
        return Arrays.stream(CrashPoint.values()).map(Enum::name).toList();
    }
}
