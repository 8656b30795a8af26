package tinderbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tinderbox.fault.ServerProcess;
import tinderbox.support.ApiClient;

/** Measures the delay and the cost of 1,000 open event streams while 20 jobs run one after another. */
final class LiveBench {
    private static final int STREAMS = 1000;
    private static final int JOBS = 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private LiveBench() {}

    static void run() throws IOException {
        Path base = Files.createTempDirectory("tinderbox-bench");
        try (ServerProcess server =
                ServerProcess.on(base.resolve("data")).withProductionJvm().start()) {
            ApiClient apiClient = server.apiClient();
            // The first jobs load classes.
            for (int i = 0; i < 3; i++) {
                apiClient.run("word-count", Map.of("input", "samples/moby-dick.txt"));
            }
            long heapBefore = server.liveBytes();
            try (EventSwarm swarm = new EventSwarm()) {
                swarm.open(server.uri(), STREAMS);
                swarm.readUntil(() -> swarm.clients().stream().allMatch(EventSwarm.Client::hasBegun), TIMEOUT);
                long heapAfter = server.liveBytes();
                Duration cpuBefore = server.cpu();
                long started = System.nanoTime();
                for (int job = 0; job < JOBS; job++) {
                    String id = apiClient.submit("word-count", Map.of("input", "samples/moby-dick.txt"));
                    swarm.readUntil(() -> "SUCCEEDED".equals(swarm.state(id)), TIMEOUT);
                }
                int events = swarm.clients().stream()
                        .mapToInt(client -> client.ids().size())
                        .max()
                        .orElseThrow();
                swarm.readUntil(
                        () -> swarm.clients().stream()
                                .allMatch(client -> client.ids().size() >= events),
                        TIMEOUT);
                report(swarm, server, cpuBefore, System.nanoTime() - started, heapAfter - heapBefore);
            }
            server.stop();
        }
    }

    private static void report(EventSwarm swarm, ServerProcess server, Duration cpuBefore, long nanos, long heap) {
        List<Long> delays = swarm.delaysMicros().stream().sorted().toList();
        List<String> first = swarm.clients().get(0).ids();
        long incorrect = swarm.clients().stream()
                .filter(client -> !client.ids().equals(first))
                .count();
        long cpu = server.cpu().minus(cpuBefore).toNanos() * 100 / nanos;
        print("%,d streams, %d jobs, %,d events received", STREAMS, JOBS, (long) STREAMS * first.size());
        print(
                "from a state change to its receipt: p50 %s, p99 %s, max %s",
                at(delays, 50), at(delays, 99), at(delays, 100));
        print("streams that missed or doubled an event: %d", incorrect);
        print("heap after GC: %.1f kB more for each stream", heap / 1000.0 / STREAMS);
        print("the server's processor time: %d %% of one core over %.1f s", cpu, nanos / 1e9);
        Map<String, Object> facts = server.apiClient().get("/api/v1/server");
        print("streams as the server counts them: %s", facts.get("event_streams"));
    }

    private static String at(List<Long> sorted, int percent) {
        long micros = sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
        return String.format(Locale.ROOT, "%.1f ms", micros / 1000.0);
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
