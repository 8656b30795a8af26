package tinderbox.bench;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import tinderbox.page.Browsers;
import tinderbox.page.PageServer;
import tinderbox.store.JobHistory;
import tinderbox.support.ApiClient;

/**
 * Measures the page and the events while a class works: a list of 10,000 jobs, 30 clients that watch it, and jobs that run
 * one after another, while somebody searches the list in a real browser.
 */
final class ClassBench {
    private static final int JOBS = 10_000;
    private static final int CLIENTS = 30;
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private ClassBench() {}

    static void run() throws IOException, InterruptedException, ExecutionException {
        PageServer pageServer = new PageServer().withProductionJvm();
        JobHistory.createMany(pageServer.dataDir(), JOBS, Map.of("input", "samples/moby-dick.txt"));
        AtomicBoolean done = new AtomicBoolean();
        try (pageServer;
                EventSwarm swarm = new EventSwarm();
                BrowserContext context = Browsers.shared().newContext()) {
            ApiClient apiClient = pageServer.start().apiClient();
            // The first jobs load classes.
            for (int i = 0; i < 3; i++) {
                count(apiClient);
            }
            swarm.open(pageServer.uri(), CLIENTS);
            swarm.readUntil(() -> swarm.clients().stream().allMatch(EventSwarm.Client::hasBegun), TIMEOUT);
            CompletableFuture<Void> watching = background(() -> swarm.readUntil(done::get, TIMEOUT));
            CompletableFuture<Integer> working = CompletableFuture.supplyAsync(() -> work(apiClient, done));
            Page page = context.newPage();
            page.setViewportSize(1280, 900);
            List<Double> searches = PageBench.searches(page, pageServer.uri());
            done.set(true);
            int jobs = working.get();
            watching.get();
            print("%,d jobs in the list, %d clients watch it, %d jobs ran meanwhile", JOBS, CLIENTS, jobs);
            print("a keystroke in the search to new rows: %s (aim: p95 < 150 ms)", PageBench.spread(searches));
            List<Double> delays = swarm.delaysMicros().stream()
                    .map(micros -> micros / 1000.0)
                    .sorted()
                    .toList();
            print(
                    "from a state change to its receipt by each client: %s, p99 %.0f ms (aim: p99 < 250 ms), %,d events",
                    PageBench.spread(delays), delays.get(delays.size() * 99 / 100), delays.size());
        } finally {
            done.set(true);
            Browsers.close();
        }
    }

    /** A task that may fail to read. */
    private interface Reading {
        void run() throws IOException;
    }

    private static CompletableFuture<Void> background(Reading reading) {
        return CompletableFuture.runAsync(() -> {
            try {
                reading.run();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Returns how many jobs have run. */
    private static int work(ApiClient apiClient, AtomicBoolean done) {
        int jobs = 0;
        while (!done.get()) {
            count(apiClient);
            jobs++;
        }
        return jobs;
    }

    private static void count(ApiClient apiClient) {
        apiClient.run("word-count", Map.of("input", "samples/moby-dick.txt"));
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
