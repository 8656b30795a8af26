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
 * Rounds of a server under load that is killed at a random moment: after a random number of acknowledgements, or
 * of jobs that have ended, while several clients send, repeat, cancel and delete jobs.
 */
final class CrashRounds {
    private static final int CLIENTS = 3;
    private static final int SENT_A_ROUND = 45;
    private static final int ENDED_A_ROUND = 12;

    private final Path base;
    private final Path dataDir;
    private final Random random;
    private final AcknowledgedJobs acknowledgedJobs = new AcknowledgedJobs();
    private final JobsOnDisk disk = new JobsOnDisk();
    private final Consumer<String> progress;
    private int kills;

    /** What the rounds have shown. */
    record Totals(int rounds, int kills, int acknowledged, int lost, int duplicated, int half, List<String> broken) {
        boolean allKept() {
            return kills == rounds && lost == 0 && duplicated == 0 && half == 0 && broken.isEmpty();
        }

        /** One line for people. */
        String line() {
            return String.format(
                    java.util.Locale.ROOT,
                    "rounds %,d, kills %,d, acknowledged %,d, lost %,d, duplicated results %,d, half results %,d",
                    rounds,
                    kills,
                    acknowledged,
                    lost,
                    duplicated,
                    half);
        }
    }

    /** Rounds on a data dir in {@code base}, with every choice drawn from {@code seed}. */
    CrashRounds(Path base, long seed, Consumer<String> progress) {
        this.base = base;
        this.dataDir = base.resolve("data");
        this.random = new Random(seed);
        this.progress = progress;
    }

    private ServerProcess start() {
        // However often it is killed under the same job, that is not the job's fault here.
        return ServerProcess.on(dataDir)
                .with(JobClient.root(base))
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
            disk.look(dataDir);
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
        disk.look(dataDir);
        return new Totals(
                rounds,
                kills,
                acknowledgedJobs.acknowledged(),
                acknowledgedJobs.lost(),
                disk.duplicated().size(),
                disk.half().size(),
                acknowledgedJobs.broken());
    }

    private void killUnderLoad(ServerProcess server) {
        boolean afterSent = random.nextBoolean();
        CountDownLatch moment = new CountDownLatch(1 + random.nextInt(afterSent ? SENT_A_ROUND : ENDED_A_ROUND));
        AtomicInteger left = new AtomicInteger(SENT_A_ROUND);
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
                throw new AssertionError("the moment to kill never came:\n" + server.output());
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
            // Killed, which is the end of counting too.
        }
    }

    private static long ended(ApiClient apiClient) {
        Map<?, ?> counts = (Map<?, ?>) apiClient.get("/api/v1/jobs?limit=1").get("counts");
        return (Long) counts.get("SUCCEEDED") + (Long) counts.get("CANCELLED") + (Long) counts.get("FAILED");
    }

    /** One who uses the server until it is gone. */
    private final class Client {
        private final ApiClient apiClient;
        private final Random own;
        private final AtomicInteger left;
        private final Runnable acknowledged;

        private Client(ApiClient apiClient, Random own, AtomicInteger left, Runnable acknowledged) {
            this.apiClient = apiClient;
            this.own = own;
            this.left = left;
            this.acknowledged = acknowledged;
        }

        private void work() {
            try {
                while (true) {
                    act();
                }
            } catch (UncheckedIOException e) {
                // Killed: what was not answered was not promised.
            } catch (RuntimeException | AssertionError e) {
                acknowledgedJobs.broken("a client got what it cannot understand: " + e);
            }
        }

        private void act() {
            int choice = own.nextInt(10);
            if (choice < 6 && left.getAndDecrement() > 0) {
                String key = choice < 3 ? null : "key-" + Long.toHexString(own.nextLong());
                if (key != null) {
                    acknowledgedJobs.willUse(key);
                }
                send(key);
            } else if (choice == 6) {
                send(acknowledgedJobs.anyKey(own));
            } else if (choice == 7 && own.nextInt(4) == 0) {
                cancel(acknowledgedJobs.anyJob(own));
            } else if (choice == 8 && own.nextInt(4) == 0) {
                delete(acknowledgedJobs.anyWithoutKey(own));
            } else {
                look(acknowledgedJobs.anyJob(own));
            }
        }

        private void send(String key) {
            HttpResponse<byte[]> answer = JobClient.send(apiClient, key, JobClient.body("job", 0));
            switch (answer.statusCode()) {
                case 202, 200 -> {
                    acknowledgedJobs.accepted(JobClient.id(answer), key);
                    acknowledged.run();
                }
                case 409 -> {
                    // Another client sends the same key at this moment.
                }
                default ->
                    acknowledgedJobs.broken(
                            answer.statusCode() + ": " + new String(answer.body(), StandardCharsets.UTF_8));
            }
        }

        private void cancel(String id) {
            if (id != null) {
                acknowledgedJobs.cancelAsked(id);
                if (JobClient.cancel(apiClient, id) == 202) {
                    acknowledgedJobs.cancelled(id);
                }
            }
        }

        private void delete(String id) {
            if (id != null) {
                acknowledgedJobs.deleteAsked(id);
                if (JobClient.delete(apiClient, id) == 204) {
                    acknowledgedJobs.deleted(id);
                }
            }
        }

        private void look(String id) {
            if (id != null) {
                HttpResponse<byte[]> answer =
                        apiClient.send(apiClient.request("/api/v1/jobs/" + id).build());
                if (answer.statusCode() == 404) {
                    acknowledgedJobs.notSeen(id);
                } else if (answer.statusCode() != 200) {
                    acknowledgedJobs.broken("job " + id + " answers " + answer.statusCode());
                }
            }
        }
    }

    /** Compares what is listed with what was promised. */
    private void check(ApiClient apiClient) {
        Map<String, String> states = new HashMap<>();
        for (Map<?, ?> job : JobClient.list(apiClient)) {
            states.put(job.get("job_id").toString(), job.get("status").toString());
        }
        for (String id : acknowledgedJobs.kept()) {
            if (!states.containsKey(id)) {
                acknowledgedJobs.notSeen(id);
            }
        }
        states.forEach(acknowledgedJobs::seen);
    }

    private void checkById(ApiClient apiClient) {
        for (String id : acknowledgedJobs.kept()) {
            Map<String, Object> job = apiClient.job(id);
            if (job.get("job_id") == null) {
                acknowledgedJobs.notSeen(id);
            } else if ("SUCCEEDED".equals(job.get("status")) && !JobClient.CSV.equals(apiClient.csv(id))) {
                acknowledgedJobs.broken("job " + id + " shows a wrong result");
            }
        }
    }

    private void resendUnanswered(ApiClient apiClient) {
        for (String key : acknowledgedJobs.unansweredKeys()) {
            HttpResponse<byte[]> answer = JobClient.send(apiClient, key, JobClient.body("job", 0));
            acknowledgedJobs.accepted(JobClient.id(answer), key);
        }
    }

    /** The oldest first, so that each wait is for what runs now, however many wait behind it. */
    private void awaitEnds(ApiClient apiClient) {
        List<Map<?, ?>> jobs = new ArrayList<>(JobClient.list(apiClient));
        Collections.reverse(jobs);
        for (Map<?, ?> job : jobs) {
            apiClient.awaitEnd(job.get("job_id").toString());
        }
    }
}
