package tinderbox.support;

import java.time.Duration;
import tinderbox.job.dispatch.Limits;
import tinderbox.job.result.read.ResultLimits;

/** Builds {@link Limits}; a test sets only those that it is about. */
public final class LimitsBuilder {
    private int maxRunning = 1;
    private int maxQueued = 100;
    private int maxRunningPerToken = Limits.MAX_RUNNING;
    private int maxQueuedPerToken = 1_000_000;
    private Duration jobTimeout = Duration.ofHours(1);
    private long maxLogBytes = 1 << 20;
    private long maxResultBytes = 1 << 20;
    private long retainJobs = 1000;
    private Duration retainFor = Duration.ofDays(90);
    private long minFreeBytes;
    private ResultLimits results = ResultLimits.ofHeap(1L << 30);

    private LimitsBuilder() {}

    /** One job at a time, a hundred in the queue, and nothing that a short test reaches. */
    public static LimitsBuilder someLimits() {
        return new LimitsBuilder();
    }

    public LimitsBuilder maxRunning(int attempts) {
        maxRunning = attempts;
        return this;
    }

    public LimitsBuilder maxQueued(int jobs) {
        maxQueued = jobs;
        return this;
    }

    public LimitsBuilder maxRunningPerToken(int attempts) {
        maxRunningPerToken = attempts;
        return this;
    }

    public LimitsBuilder maxQueuedPerToken(int jobs) {
        maxQueuedPerToken = jobs;
        return this;
    }

    public LimitsBuilder jobTimeout(Duration timeout) {
        jobTimeout = timeout;
        return this;
    }

    public LimitsBuilder maxLogBytes(long bytes) {
        maxLogBytes = bytes;
        return this;
    }

    public LimitsBuilder maxResultBytes(long bytes) {
        maxResultBytes = bytes;
        return this;
    }

    public LimitsBuilder retainJobs(long jobs) {
        retainJobs = jobs;
        return this;
    }

    public LimitsBuilder retainFor(Duration time) {
        retainFor = time;
        return this;
    }

    public LimitsBuilder minFreeBytes(long bytes) {
        minFreeBytes = bytes;
        return this;
    }

    public LimitsBuilder results(ResultLimits limits) {
        results = limits;
        return this;
    }

    public Limits build() {
        return new Limits(
                maxRunning,
                maxQueued,
                maxRunningPerToken,
                maxQueuedPerToken,
                2,
                jobTimeout,
                maxLogBytes,
                maxResultBytes,
                retainJobs,
                retainFor,
                minFreeBytes,
                results);
    }
}
