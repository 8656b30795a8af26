package tinderbox.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.stream.Stream;
import tinderbox.support.ApiClient;

/** Compares a server's heap, threads and file descriptors after many jobs with those after the first ones. Linux only. */
final class ResourceUsage {
    /** By then the caches are full: 4,096 events, 1,000 jobs and 2 MiB of responses. Later growth is a leak. */
    private static final int WARM_UP_JOBS = 2000;

    private static final int MAX_IN_FLIGHT = 50;
    private static final int MEASUREMENTS = 3;
    private static final double TOLERANCE = 0.05;
    /** Otherwise three of four full collections leave up to 13 MB of dead objects, and count them. */
    private static final String EXACT_LIVE_BYTES = "-XX:MarkSweepDeadRatio=0";

    private ResourceUsage() {}

    /** The heap is measured after a garbage collection. */
    private record Snapshot(long heap, long threads, long descriptors) {
        static Snapshot of(ServerProcess server) throws IOException {
            Path proc = Path.of("/proc", Long.toString(server.pid()));
            return new Snapshot(liveBytes(server), count(proc.resolve("task")), count(proc.resolve("fd")));
        }

        boolean isNotAbove(Snapshot before) {
            return fits(before.heap, heap) && fits(before.threads, threads) && fits(before.descriptors, descriptors);
        }

        private static boolean fits(long before, long now) {
            return now <= before * (1 + TOLERANCE);
        }

        String describe(int jobs) {
            return String.format(
                    Locale.ROOT,
                    "after %,d jobs: heap after GC %,d KiB, threads %,d, file descriptors %,d",
                    jobs,
                    heap >> 10,
                    threads,
                    descriptors);
        }
    }

    /** Runs this many jobs on one server; returns whether its usage has not grown. */
    static boolean check(Path base, int jobs) throws IOException {
        try (ServerProcess server = ServerProcess.on(base.resolve("data"))
                .jvm(EXACT_LIVE_BYTES)
                .with(JobClient.rootOption(base))
                .start()) {
            int warm = Math.min(WARM_UP_JOBS, Math.max(1, jobs / 2));
            runJobs(server.apiClient(), warm);
            Snapshot before = Snapshot.of(server);
            System.out.println(before.describe(warm));
            runJobs(server.apiClient(), jobs - warm);
            Snapshot after = Snapshot.of(server);
            System.out.println(after.describe(jobs));
            server.stop();
            return after.isNotAbove(before);
        }
    }

    private static void runJobs(ApiClient apiClient, int jobs) {
        Deque<String> inFlight = new ArrayDeque<>();
        for (int sent = 0; sent < jobs || !inFlight.isEmpty(); ) {
            if (sent < jobs && inFlight.size() < MAX_IN_FLIGHT) {
                inFlight.add(JobClient.submitAccepted(apiClient, null, 0));
                sent++;
            } else {
                Object status = apiClient.awaitEnd(inFlight.remove()).get("status");
                if (!"SUCCEEDED".equals(status)) {
                    throw new AssertionError("a job ended " + status);
                }
            }
        }
    }

    /** The minimum of several measurements: native code that holds an array delays a collection, so dead objects count. */
    private static long liveBytes(ServerProcess server) throws IOException {
        long min = Long.MAX_VALUE;
        for (int i = 0; i < MEASUREMENTS; i++) {
            min = Math.min(min, server.liveBytes());
        }
        return min;
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }
}
