package tinderbox;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import tinderbox.http.api.ServerInfo.Sample;
import tinderbox.job.JobView;
import tinderbox.job.dispatch.JobService;

/**
 * How busy the server was in the last hour, in memory: a sample for each half minute, with the means of what was looked at
 * every few seconds. It names no job.
 */
final class ServerHistory {
    private static final long LOOK_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long SAMPLE_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int MAX_SAMPLES = 120;
    /** As many as one response has; one is for the sample that is not complete. */
    private static final int MAX_COMPLETE = MAX_SAMPLES - 1;

    private final JobService jobs;
    private final Supplier<Integer> cores;
    private final boolean isLocal;
    private final Supplier<Instant> clock;
    private final Deque<Sample> complete = new ArrayDeque<>();
    private Sum current;
    private Look last;

    /**
     * A history that is empty.
     *
     * @param cores those of Spark, or null if they are not known
     * @param isLocal whether tasks run in this process
     * @param clock does not jump
     */
    ServerHistory(JobService jobs, Supplier<Integer> cores, boolean isLocal, Supplier<Instant> clock) {
        this.jobs = jobs;
        this.cores = cores;
        this.isLocal = isLocal;
        this.clock = clock;
    }

    /**
     * How busy the server is at one moment.
     *
     * @param at by the clock that does not jump
     * @param nanos by the monotonic clock
     * @param cpuNanos the CPU time of this process until now, or null if it is not known or does not matter, because tasks
     *     run elsewhere
     * @param cores of Spark, or null if it is not known
     */
    record Look(
            Instant at,
            long nanos,
            Long cpuNanos,
            Integer cores,
            long heapUsed,
            long heapMax,
            int tasks,
            int running,
            int waiting) {}

    /** What was looked at since the first look of a sample. */
    private static final class Sum {
        private final Look before;
        private final long since;
        private Look last;
        private int looks;
        private long heapUsed;
        private long tasks;
        private long running;
        private long waiting;

        Sum(Look before, Look first) {
            this.before = before;
            this.since = first.nanos;
        }

        void add(Look look) {
            last = look;
            looks++;
            heapUsed += look.heapUsed;
            tasks += look.tasks;
            running += look.running;
            waiting += look.waiting;
        }

        boolean isOver(Look next) {
            return next.nanos - since >= SAMPLE_NANOS;
        }

        Sample mean() {
            return new Sample(
                    last.at,
                    last.cores,
                    coresBusy(),
                    heapUsed / looks,
                    last.heapMax,
                    mean(tasks),
                    mean(running),
                    mean(waiting));
        }

        private Double coresBusy() {
            if (last.cpuNanos == null) {
                return last.cores == null ? null : (Double) mean(tasks);
            }
            if (before.cpuNanos == null || last.nanos <= before.nanos) {
                return null;
            }
            return rounded((double) (last.cpuNanos - before.cpuNanos) / (last.nanos - before.nanos));
        }

        private double mean(long sum) {
            return rounded((double) sum / looks);
        }

        private static double rounded(double value) {
            return Math.round(value * 100) / 100.0;
        }
    }

    /** Looks, if the last time was some seconds ago; called by one thread, several times a second. */
    void look() {
        long now = System.nanoTime();
        synchronized (this) {
            if (last != null && now - last.nanos < LOOK_NANOS) {
                return;
            }
        }
        Runtime jvm = Runtime.getRuntime();
        List<JobView> running = jobs.running();
        Long cpu = isLocal
                ? ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(Duration::toNanos)
                        .orElse(null)
                : null;
        add(new Look(
                clock.get(),
                now,
                cpu,
                cores.get(),
                jvm.totalMemory() - jvm.freeMemory(),
                jvm.maxMemory(),
                running.stream().mapToInt(JobView::tasksRunning).sum(),
                running.size(),
                jobs.waitingCount()));
    }

    synchronized void add(Look look) {
        if (current == null || current.isOver(look)) {
            if (current != null) {
                complete.addLast(current.mean());
            }
            if (complete.size() > MAX_COMPLETE) {
                complete.removeFirst();
            }
            current = new Sum(last == null ? look : last, look);
        }
        current.add(look);
        last = look;
    }

    /** From the oldest to the newest, whose half minute may not be over. */
    synchronized List<Sample> samples() {
        List<Sample> samples = new ArrayList<>(complete);
        if (current != null) {
            samples.add(current.mean());
        }
        return samples;
    }
}
