package tinderbox.spark;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tinderbox.common.Worker;
import tinderbox.executor.DriverHandlers;
import tinderbox.executor.LogLines;
import tinderbox.job.JobId;
import tinderbox.job.log.LogLine;

/**
 * Writes what tasks log and print in executors to the logs of their jobs. A line counts only for a running job that has
 * had a task on the executor.
 */
final class ExecutorLogs implements AutoCloseable {
    private static final int MAX_BATCHES = 1_000;
    /** A broken executor could send messages of 8 MiB. */
    private static final int MAX_QUEUED_CHARS = 8 << 20;

    private static final int LINE_CHARS = 100;

    private static final Duration CATCH_UP_WITHIN = Duration.ofSeconds(2);

    private final ExecutorTasks tasks;
    private final Executors executors;
    private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>(MAX_BATCHES);
    private final AtomicInteger queuedChars = new AtomicInteger();
    private final Worker writer = new Worker("tinderbox-executor-logs", this::run);
    /** How many lines were left out, by job and executor. */
    private final Map<Source, Long> leftOut = new ConcurrentHashMap<>();

    private record Source(String job, String executor) {}

    ExecutorLogs(ExecutorTasks tasks, Executors executors) {
        this.tasks = tasks;
        this.executors = executors;
    }

    /** Takes the lines of executors from now on. */
    void install() {
        DriverHandlers.install(LogLines.class, (executor, lines) -> {
            take(executor, lines);
            return null;
        });
        writer.start();
    }

    /** Does not block: all messages of executors are handled on the calling thread. */
    void take(String executor, LogLines lines) {
        // Those of an empty line, too, take memory.
        int chars = lines.lines().stream()
                .mapToInt(line -> LINE_CHARS + line.text().length())
                .sum();
        boolean fits = queuedChars.addAndGet(chars) <= MAX_QUEUED_CHARS
                && queue.offer(() -> {
                    queuedChars.addAndGet(-chars);
                    write(executor, lines);
                });
        if (!fits) {
            queuedChars.addAndGet(-chars);
            lines.lines().stream()
                    .filter(line -> JobLogRouter.ofId(line.job()) != null)
                    .forEach(line -> leftOut.merge(new Source(line.job(), executor), 1L, Long::sum));
        }
    }

    /** Writes what has arrived for a job whose attempt ends. */
    void finish(JobId job) {
        CountDownLatch reached = new CountDownLatch(1);
        try {
            DriverHandlers.catchUp();
            if (queue.offer(reached::countDown, CATCH_UP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                boolean unused = reached.await(CATCH_UP_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        leftOut.keySet().stream()
                .filter(source -> source.job().equals(job.toString()))
                .forEach(this::writeLeftOut);
    }

    private void run() throws InterruptedException {
        while (!writer.isStopping()) {
            Runnable next = queue.poll(100, TimeUnit.MILLISECONDS);
            if (next != null) {
                next.run();
            }
        }
    }

    private void write(String executor, LogLines lines) {
        boolean caughtUp = false;
        for (LogLines.Line line : lines.lines()) {
            if (JobLogRouter.ofId(line.job()) == null) {
                // Nobody has to wait for what Spark may still tell of it.
                continue;
            }
            if (!tasks.hasRun(line.job(), executor) && !caughtUp) {
                caughtUp = true;
                // Spark's events may tell later than the executor that a task has started there.
                tasks.catchUp();
            }
            Source source = new Source(line.job(), executor);
            JobLogRouter router = router(source);
            if (router != null) {
                writeLeftOut(source);
                router.write(line.level(), prefix(source) + line.text());
            }
        }
        lines.leftOut().forEach(left -> {
            Source source = new Source(left.job(), executor);
            if (router(source) != null) {
                leftOut.merge(source, (long) left.lines(), Long::sum);
            }
        });
    }

    private JobLogRouter router(Source source) {
        return tasks.hasRun(source.job(), source.executor()) ? JobLogRouter.ofId(source.job()) : null;
    }

    private void writeLeftOut(Source source) {
        Long count = leftOut.remove(source);
        JobLogRouter router = router(source);
        if (count != null && router != null) {
            router.write(
                    LogLine.Level.WARN,
                    prefix(source) + "lines left out here: " + count
                            + "; the log takes 100 in a second from an executor, and fewer if the server is busy");
        }
    }

    private String prefix(Source source) {
        return "[" + executors.lastHost(source.executor()) + "/" + source.executor() + "] ";
    }

    @Override
    public void close() {
        writer.close();
    }
}
