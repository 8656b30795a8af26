package tinderbox;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How many files and connections this process may have open, and how they are shared out. */
final class FileDescriptors {
    /** What the idle server and Spark have open, with a reserve. */
    private static final long OWN = 128;
    /** What a connection takes: its socket, and often a file (a result that is downloaded, or an upload). */
    private static final long EACH = 2;

    private static final long FEWEST = 16;
    private static final long MOST = 1 << 14;

    private FileDescriptors() {}

    /** How many connections there may be, so that jobs can open their files whatever clients do. */
    static int connections() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? connections(system.getMaxFileDescriptorCount())
                : (int) MOST;
    }

    /** The same where a process may have so many descriptors. */
    static int connections(long descriptors) {
        return (int) Math.max(FEWEST, Math.min(MOST, (descriptors - OWN) / EACH));
    }
}
