package tinderbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tinderbox.common.LargeStack;
import tinderbox.config.Config;
import tinderbox.http.api.ServerInfo;
import tinderbox.http.api.ServerInfo.Check;
import tinderbox.http.api.ServerInfo.Finding;
import tinderbox.job.dispatch.JobService;
import tinderbox.job.dispatch.Limits;
import tinderbox.spark.SessionState;
import tinderbox.spark.SessionStatus;
import tinderbox.spark.SparkEngine;
import tinderbox.store.FolderJobStore;

/** The server's limits, and the checks of its readiness. */
final class ServerStatus {
    private final Config config;
    private final JobService jobs;
    private final FolderJobStore store;
    private final SparkEngine engine;

    ServerStatus(Config config, JobService jobs, FolderJobStore store, SparkEngine engine) {
        this.config = config;
        this.jobs = jobs;
        this.store = store;
        this.engine = engine;
    }

    ServerInfo info(Clock clock) {
        long startedNanos = System.nanoTime();
        Instant startedAt = clock.instant();
        Supplier<Duration> uptime = () -> Duration.ofNanos(System.nanoTime() - startedNanos);
        ServerHistory history =
                new ServerHistory(jobs, engine::cores, config.isLocal(), () -> startedAt.plus(uptime.get()));
        jobs.onWatch(history::look);
        return new ServerInfo(
                Version.tinderbox(),
                Version.spark(),
                config.master(),
                engine::cores,
                this::executors,
                this::session,
                startedAt,
                uptime,
                this::limits,
                history::samples,
                List.of(
                        new Check("accepting", this::accepting),
                        new Check("spark", this::spark),
                        new Check("disk", this::disk),
                        new Check("threads", this::threads),
                        new Check("slots", this::slots),
                        new Check("queries", ServerStatus::queries),
                        new Check("index", this::index)));
    }

    private List<ServerInfo.Executor> executors() {
        return engine.executors().list().stream()
                .map(executor -> new ServerInfo.Executor(
                        executor.id(),
                        executor.host(),
                        executor.cores(),
                        executor.memoryBytes(),
                        executor.sparkVersion(),
                        executor.javaVersion(),
                        executor.tasksRunning(),
                        executor.since(),
                        executor.unreadableRoots()))
                .toList();
    }

    private Map<String, Object> limits() {
        Limits limits = jobs.limits();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("max_running", jobs.maxRunning());
        shown.put("max_queued", limits.maxQueued());
        shown.put("max_running_per_token", Math.min(limits.maxRunningPerToken(), jobs.maxRunning()));
        shown.put("max_queued_per_token", Math.min(limits.maxQueuedPerToken(), limits.maxQueued()));
        shown.put("max_attempts", limits.maxAttempts());
        shown.put("job_timeout_ms", limits.jobTimeout().toMillis());
        shown.put("max_log_bytes", limits.maxLogBytes());
        shown.put("max_result_bytes", limits.maxResultBytes());
        shown.put("max_upload_bytes", config.maxUploadBytes());
        shown.put("max_input_bytes", config.maxInputBytes());
        shown.put("max_expansion", config.maxExpansion());
        shown.put("retain_jobs", limits.retainJobs());
        shown.put("retain_days", limits.retainFor().toDays());
        shown.put("min_free_bytes", limits.minFreeBytes());
        return shown;
    }

    private Finding accepting() {
        return jobs.isAccepting()
                ? Finding.good("new jobs are accepted")
                : Finding.bad("the server is shutting down", "submit jobs again when it is back");
    }

    private Finding spark() {
        SessionStatus status = engine.status();
        return status.state().runsJobs()
                ? Finding.good(status.detail())
                : Finding.bad(status.detail(), hint(status.state()));
    }

    /** What to do in a state in which no jobs run. */
    private String hint(SessionState state) {
        return switch (state) {
            case NO_EXECUTORS -> "jobs start once a worker with free cores and memory has started an executor";
            case FORGOTTEN -> "a new session follows in a moment, and jobs that ran run again";
            default ->
                config.isLocal()
                        ? "it takes some seconds after a start; if it stays, look at the server's log"
                        : "start the master, or correct --master; jobs wait until it answers";
        };
    }

    private ServerInfo.Session session() {
        SessionStatus status = engine.status();
        return new ServerInfo.Session(status.state().code(), status.detail(), status.since());
    }

    private Finding disk() {
        Optional<String> outage = store.outageReason();
        if (outage.isPresent()) {
            return Finding.bad(
                    "the data dir cannot be written: " + outage.get(),
                    "the server's log names the folder and says since when; jobs run again when it can be written");
        }
        String free =
                (store.usableBytes() >> 20) + " MiB are free, " + (jobs.limits().minFreeBytes() >> 20) + " MiB must be";
        return jobs.hasRoom()
                ? Finding.good(free)
                : Finding.bad(free, "delete jobs that nobody needs, make room on the disk, or set another --min-free");
    }

    private Finding threads() {
        return jobs.hasThreads()
                ? Finding.good("threads can be started")
                : Finding.bad(
                        "no more threads can be started",
                        "raise the limit of the user (ulimit -u) or of the container (pids), or end other processes");
    }

    private Finding slots() {
        int stuck = jobs.stuckCount();
        int slots = jobs.maxRunning();
        if (stuck == 0) {
            return Finding.good("no job ignores that it was asked to stop");
        }
        String held = stuck + " of " + slots + " slots are held by jobs that were asked to stop and do not";
        return stuck < slots ? Finding.good(held) : Finding.bad(held, "restart the server; waiting jobs are kept");
    }

    private static Finding queries() {
        int abandoned = LargeStack.abandoned();
        if (abandoned == 0) {
            return Finding.good("no ended query keeps a thread busy");
        }
        String busy =
                "Spark still plans " + abandoned + " of the queries that have ended, which keeps their threads busy";
        return abandoned < LargeStack.MAX_ABANDONED
                ? Finding.good(busy)
                : Finding.bad(busy + "; no more queries start", "restart the server; waiting jobs are kept");
    }

    /** Always good: without a current index, every job can still be found by its id. */
    private Finding index() {
        return Finding.good(
                store.isIndexCurrent()
                        ? "lists show every job"
                        : "old jobs may be slow to find; the next start of the server rebuilds the index");
    }
}
