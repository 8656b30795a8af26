package tinderbox.cli;

import java.util.Optional;

/** What a JVM must offer before anything is started in it; each problem is one line that says what to do. */
final class Preflight {
    /** Spark refuses to start with less: half as much again as the 300 MB that it sets aside for itself. */
    private static final long LEAST_HEAP = 450L << 20;

    /** What to ask for: some garbage collectors keep a part of it for themselves. */
    private static final String ENOUGH = "512 MiB";

    /** Ends the path of the JAR in the URL of one of its entries. */
    private static final String JAR_URL_SEPARATOR = "!/";

    private Preflight() {}

    /** Why nothing can be read from the JAR of this class path; empty if it can. */
    static Optional<String> unreadable(String classPath) {
        return classPath.contains(JAR_URL_SEPARATOR)
                ? Optional.of("Java cannot read a JAR in a folder whose name ends in \"!\" (" + classPath
                        + "); move it to another folder, or rename that one")
                : Optional.empty();
    }

    /** Why no server can run with a heap of at most this many bytes; empty if it can. */
    static Optional<String> tooSmall(long maxHeap) {
        return maxHeap < LEAST_HEAP
                ? Optional.of("the Java heap may grow to " + (maxHeap >> 20) + " MiB, and the server needs at least "
                        + ENOUGH
                        + "; start ./run.sh with JAVA_OPTS=-Xmx1g, or the JAR with java -Xmx1g -jar (without -Xmx,"
                        + " Java takes a quarter of the machine's or container's memory)")
                : Optional.empty();
    }
}
