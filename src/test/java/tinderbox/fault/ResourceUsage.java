package tinderbox.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.stream.Stream;
import tinderbox.support.ApiClient;

/** What a server holds after many jobs, against what it held after the first ones. Reads /proc: Linux only. */
final class ResourceUsage {
    /** By then the caches are full: 4,096 events, 1,000 jobs and 2 MiB of answers; what grows later is a leak. */
    private static final int WARM = 2000;

    private static final int AT_A_TIME = 50;
    private static final int LOOKS = 3;
    private static final double TOLERANCE = 0.05;
    /** Else three of four full collections leave dead objects where they are, up to 13 MB here, and count them. */
    private static final String EXACT = "-XX:MarkSweepDeadRatio=0";

    private ResourceUsage() {}

    /** What the process holds, its heap after a garbage collection. */
    private record Held(long heap, long threads, long descriptors) {
        static Held by(ServerProcess server) throws IOException {
            Path proc = Path.of("/proc", Long.toString(server.pid()));
            return new Held(liveBytes(server), count(proc.resolve("task")), count(proc.resolve("fd")));
        }

        boolean isAsLittleAs(Held before) {
            return fits(before.heap, heap) && fits(before.threads, threads) && fits(before.descriptors, descriptors);
        }

        private static boolean fits(long before, long now) {
            return now <= before * (1 + TOLERANCE);
        }

        String line(int jobs) {
            return String.format(
                    Locale.ROOT,
                    "after %,d jobs: heap after GC %,d KiB, threads %,d, file descriptors %,d",
                    jobs,
                    heap >> 10,
                    threads,
                    descriptors);
        }
    }

    /** Sends that many jobs through one server, and answers whether it held no more in the end. */
    static boolean look(Path base, int jobs) throws IOException {
        try (ServerProcess server = ServerProcess.on(base.resolve("data"))
                .jvm(EXACT)
                .with(JobClient.root(base))
                .start()) {
            int warm = Math.min(WARM, Math.max(1, jobs / 2));
            send(server.apiClient(), warm);
            Held before = Held.by(server);
            System.out.println(before.line(warm));
            send(server.apiClient(), jobs - warm);
            Held after = Held.by(server);
            System.out.println(after.line(jobs));
            server.stop();
            return after.isAsLittleAs(before);
        }
    }

    private static void send(ApiClient apiClient, int jobs) {
        Deque<String> underWay = new ArrayDeque<>();
        for (int sent = 0; sent < jobs || !underWay.isEmpty(); ) {
            if (sent < jobs && underWay.size() < AT_A_TIME) {
                underWay.add(JobClient.accepted(apiClient, null, 0));
                sent++;
            } else {
                Object status = apiClient.awaitEnd(underWay.remove()).get("status");
                if (!"SUCCEEDED".equals(status)) {
                    throw new AssertionError("a job ended " + status);
                }
            }
        }
    }

    /** The least of some looks: a collection is put off, and what is dead counted, while native code holds an array. */
    private static long liveBytes(ServerProcess server) throws IOException {
        long least = Long.MAX_VALUE;
        for (int look = 0; look < LOOKS; look++) {
            least = Math.min(least, server.liveBytes());
        }
        return least;
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }
}
