package tinderbox.fault;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import tinderbox.support.ApiClient;

/**
 * Runs a server under load for several rounds and kills it in each at a random moment: after a random number of
 * acknowledged or ended jobs, while several clients submit, resubmit, cancel and delete jobs.
 */
final class CrashRounds {
    private static final int CLIENTS = 3;
    private static final int SUBMISSIONS_PER_ROUND = 45;
    private static final int ENDED_PER_ROUND = 12;

    private final Path base;
    private final Path dataDir;
    private final Random random;
    private final AcknowledgedJobs acknowledgedJobs = new AcknowledgedJobs();
    private final JobsOnDisk disk = new JobsOnDisk();
    private final Consumer<String> progress;
    private int kills;

    record Totals(
            int rounds,
            int kills,
            int acknowledged,
            int lost,
            int duplicated,
            int incomplete,
            List<String> violations) {
        boolean passed() {
            return kills == rounds && lost == 0 && duplicated == 0 && incomplete == 0 && violations.isEmpty();
        }

        String describe() {
            return String.format(
                    java.util.Locale.ROOT,
                    "rounds %,d, kills %,d, acknowledged %,d, lost %,d, duplicated results %,d, half results %,d",
                    rounds,
                    kills,
                    acknowledged,
                    lost,
                    duplicated,
                    incomplete);
        }
    }

    /** Uses a data dir in {@code base}; {@code seed} determines every choice. */
    CrashRounds(Path base, long seed, Consumer<String> progress) {
        this.base = base;
        this.dataDir = base.resolve("data");
        this.random = new Random(seed);
        this.progress = progress;
    }

    private ServerProcess start() {
        // Kills must not fail a job here, however often they interrupt it.
        return ServerProcess.on(dataDir)
                .with(JobClient.rootOption(base))
                .with("--max-attempts", "100", "--min-free", "0")
                .start();
    }

    Totals run(int rounds) {
        for (int round = 1; round <= rounds; round++) {
            try (ServerProcess server = start()) {
                check(server.apiClient());
                killUnderLoad(server);
                kills++;
            }
            disk.check(dataDir);
            progress.accept("round " + round + ": acknowledged " + acknowledgedJobs.acknowledged() + " so far");
        }
        try (ServerProcess server = start()) {
            ApiClient apiClient = server.apiClient();
            resendUnanswered(apiClient);
            awaitEnds(apiClient);
            check(apiClient);
            checkById(apiClient);
            server.stop();
        }
        disk.check(dataDir);
        return new Totals(
                rounds,
                kills,
                acknowledgedJobs.acknowledged(),
                acknowledgedJobs.lost(),
                disk.duplicated().size(),
                disk.incomplete().size(),
                acknowledgedJobs.violations());
    }

    private void killUnderLoad(ServerProcess server) {
        boolean afterSent = random.nextBoolean();
        CountDownLatch moment =
                new CountDownLatch(1 + random.nextInt(afterSent ? SUBMISSIONS_PER_ROUND : ENDED_PER_ROUND));
        AtomicInteger left = new AtomicInteger(SUBMISSIONS_PER_ROUND);
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Random own = new Random(random.nextLong());
            Runnable sent = afterSent ? moment::countDown : () -> {};
            clients.add(new Thread(() -> new Client(server.apiClient(), own, left, sent).work(), "client-" + i));
        }
        if (!afterSent) {
            clients.add(new Thread(() -> countEnded(server.apiClient(), moment), "watcher"));
        }
        clients.forEach(Thread::start);
        try {
            if (!moment.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("the moment to kill the server never came:\n" + server.output());
            }
            server.kill9();
            for (Thread client : clients) {
                client.join(TimeUnit.SECONDS.toMillis(60));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void countEnded(ApiClient apiClient, CountDownLatch moment) {
        try {
            long before = ended(apiClient);
            long counted = 0;
            while (moment.getCount() > 0) {
                for (long now = ended(apiClient) - before; counted < now; counted++) {
                    moment.countDown();
                }
            }
        } catch (UncheckedIOException e) {
            // The server was killed.
        }
    }

    private static long ended(ApiClient apiClient) {
        Map<?, ?> counts = (Map<?, ?>) apiClient.get("/api/v1/jobs?limit=1").get("counts");
        return (Long) counts.get("SUCCEEDED") + (Long) counts.get("CANCELLED") + (Long) counts.get("FAILED");
    }

    /** Uses the server until it is killed. */
    private final class Client {
        private final ApiClient apiClient;
        private final Random random;
        private final AtomicInteger left;
        private final Runnable acknowledged;

        private Client(ApiClient apiClient, Random own, AtomicInteger left, Runnable acknowledged) {
            this.apiClient = apiClient;
            this.random = own;
            this.left = left;
            this.acknowledged = acknowledged;
        }

        private void work() {
            try {
                while (true) {
                    act();
                }
            } catch (UncheckedIOException e) {
                // The server was killed; requests without a response promise nothing.
            } catch (RuntimeException | AssertionError e) {
                acknowledgedJobs.violations("a client got an unexpected response: " + e);
            }
        }

        private void act() {
            int choice = random.nextInt(10);
            if (choice < 6 && left.getAndDecrement() > 0) {
                String key = choice < 3 ? null : "key-" + Long.toHexString(random.nextLong());
                if (key != null) {
                    acknowledgedJobs.willUse(key);
                }
                submit(key);
            } else if (choice == 6) {
                submit(acknowledgedJobs.anyKey(random));
            } else if (choice == 7 && random.nextInt(4) == 0) {
                cancel(acknowledgedJobs.anyJob(random));
            } else if (choice == 8 && random.nextInt(4) == 0) {
                delete(acknowledgedJobs.anyWithoutKey(random));
            } else {
                read(acknowledgedJobs.anyJob(random));
            }
        }

        private void submit(String key) {
            HttpResponse<byte[]> response = JobClient.submit(apiClient, key, JobClient.body("job", 0));
            switch (response.statusCode()) {
                case 202, 200 -> {
                    acknowledgedJobs.accepted(JobClient.id(response), key);
                    acknowledged.run();
                }
                case 409 -> {
                    // Another client is using the same key.
                }
                default ->
                    acknowledgedJobs.violations(
                            response.statusCode() + ": " + new String(response.body(), StandardCharsets.UTF_8));
            }
        }

        private void cancel(String id) {
            if (id != null) {
                acknowledgedJobs.cancelRequested(id);
                if (JobClient.cancel(apiClient, id) == 202) {
                    acknowledgedJobs.cancelled(id);
                }
            }
        }

        private void delete(String id) {
            if (id != null) {
                acknowledgedJobs.deleteRequested(id);
                if (JobClient.delete(apiClient, id) == 204) {
                    acknowledgedJobs.deleted(id);
                }
            }
        }

        private void read(String id) {
            if (id != null) {
                HttpResponse<byte[]> response =
                        apiClient.send(apiClient.request("/api/v1/jobs/" + id).build());
                if (response.statusCode() == 404) {
                    acknowledgedJobs.missing(id);
                } else if (response.statusCode() != 200) {
                    acknowledgedJobs.violations("job " + id + " has status " + response.statusCode());
                }
            }
        }
    }

    /** Compares the list of jobs with the acknowledged ones. */
    private void check(ApiClient apiClient) {
        Map<String, String> states = new HashMap<>();
        for (Map<?, ?> job : JobClient.list(apiClient)) {
            states.put(job.get("job_id").toString(), job.get("status").toString());
        }
        for (String id : acknowledgedJobs.expected()) {
            if (!states.containsKey(id)) {
                acknowledgedJobs.missing(id);
            }
        }
        states.forEach(acknowledgedJobs::found);
    }

    private void checkById(ApiClient apiClient) {
        for (String id : acknowledgedJobs.expected()) {
            Map<String, Object> job = apiClient.job(id);
            if (job.get("job_id") == null) {
                acknowledgedJobs.missing(id);
            } else if ("SUCCEEDED".equals(job.get("status")) && !JobClient.CSV.equals(apiClient.csv(id))) {
                acknowledgedJobs.violations("job " + id + " has a wrong result");
            }
        }
    }

    private void resendUnanswered(ApiClient apiClient) {
        for (String key : acknowledgedJobs.unansweredKeys()) {
            HttpResponse<byte[]> response = JobClient.submit(apiClient, key, JobClient.body("job", 0));
            acknowledgedJobs.accepted(JobClient.id(response), key);
        }
    }

    /** Waits for the oldest job first, because each wait is limited and later jobs are still pending. */
    private void awaitEnds(ApiClient apiClient) {
        List<Map<?, ?>> jobs = new ArrayList<>(JobClient.list(apiClient));
        Collections.reverse(jobs);
        for (Map<?, ?> job : jobs) {
            apiClient.awaitEnd(job.get("job_id").toString());
        }
    }
}
