package tinderbox;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Divides the file descriptors of this process between connections and everything else. */
final class FileDescriptors {
    /** For the idle server and Spark, with a reserve. */
    private static final long RESERVED = 128;
    /** A connection needs its socket, and often a file, such as a result to download. */
    private static final long PER_CONNECTION = 2;

    private static final long MIN_CONNECTIONS = 16;
    private static final long MAX_CONNECTIONS = 1 << 14;

    private FileDescriptors() {}

    /** The maximum number of connections that leaves enough file descriptors for jobs. */
    static int maxConnections() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? maxConnections(system.getMaxFileDescriptorCount())
                : (int) MAX_CONNECTIONS;
    }

    static int maxConnections(long descriptors) {
        return (int) Math.max(MIN_CONNECTIONS, Math.min(MAX_CONNECTIONS, (descriptors - RESERVED) / PER_CONNECTION));
    }
}
