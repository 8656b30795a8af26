package tinderbox.cli;

import java.util.Optional;

/** Checks what the JVM must offer before anything starts; each problem is one line that says what to do. */
final class Preflight {
    /** Spark refuses to start with less than 1.5 times the 300 MiB that it reserves. */
    private static final long MIN_HEAP = 450L << 20;

    /** More than the minimum, because some garbage collectors do not count all of the heap. */
    private static final String RECOMMENDED_HEAP = "512 MiB";

    /** Follows the path of the JAR in the URLs of its entries. */
    private static final String JAR_URL_SEPARATOR = "!/";

    private Preflight() {}

    /** Why the JAR on this class path cannot be read; empty if it can. */
    static Optional<String> unreadable(String classPath) {
        return classPath.contains(JAR_URL_SEPARATOR)
                ? Optional.of("Java cannot read a JAR in a folder whose name ends in \"!\" (" + classPath
                        + "); move it to another folder, or rename that one")
                : Optional.empty();
    }

    /** Why a server cannot run with a maximum heap of this many bytes; empty if it can. */
    static Optional<String> tooSmall(long maxHeap) {
        return maxHeap < MIN_HEAP
                ? Optional.of("the Java heap may grow to " + (maxHeap >> 20) + " MiB, and the server needs at least "
                        + RECOMMENDED_HEAP
                        + "; start ./run.sh with JAVA_OPTS=-Xmx1g, or the JAR with java -Xmx1g -jar (without -Xmx,"
                        + " Java takes a quarter of the machine's or container's memory)")
                : Optional.empty();
    }
}
