package tinderbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tinderbox.http.api.ServerInfo;
import tinderbox.job.Job;
import tinderbox.job.JobQuery;
import tinderbox.job.JobState;
import tinderbox.job.dispatch.JobService;
import tinderbox.metrics.JobMetrics;
import tinderbox.metrics.Metrics;
import tinderbox.security.audit.AuditLog;
import tinderbox.spark.SessionState;
import tinderbox.spark.SparkEngine;
import tinderbox.spark.TaskTotals;
import tinderbox.store.FolderJobStore;
import tinderbox.store.IndexTimings;
import tinderbox.store.files.AtomicFiles;

/** Connects the metrics with the parts of a server that they are read from. The names are part of the API. */
final class ServerMetrics {
    private static final double MILLIS_PER_SECOND = 1e3;

    private final Metrics metrics;

    ServerMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    void measureJobs(JobService jobs, JobMetrics jobMetrics, FolderJobStore store, Clock clock) {
        jobs.addListener(jobMetrics);
        jobs.onAccepted(jobMetrics::accepted);
        metrics.gauges(
                "tinderbox_jobs",
                "Jobs that the server has, by state.",
                "state",
                () -> jobs.list(JobQuery.newest(0)).counts().entrySet().stream()
                        .collect(Collectors.toMap(count -> count.getKey().name(), Map.Entry::getValue)));
        metrics.gauge("tinderbox_queued_jobs", "Jobs that wait for a free slot.", jobs::waitingCount);
        metrics.gauge(
                "tinderbox_queued_jobs_limit",
                "How many jobs may wait.",
                () -> jobs.limits().maxQueued());
        metrics.gauge(
                "tinderbox_queue_oldest_seconds",
                "How long ago the job that has waited longest was submitted; 0 if none waits.",
                () -> oldestWait(store, clock.instant()).toMillis() / MILLIS_PER_SECOND);
        metrics.gauge("tinderbox_running_jobs", "Jobs that have a slot.", jobs::runningCount);
        metrics.gauge("tinderbox_running_jobs_limit", "How many jobs may run at the same time.", jobs::maxRunning);
        metrics.gauge(
                "tinderbox_stuck_jobs", "Jobs that were asked to stop some time ago and still run.", jobs::stuckCount);
    }

    private static Duration oldestWait(FolderJobStore store, Instant now) {
        return store.unfinished().stream()
                .filter(job -> job.state() == JobState.PENDING)
                .map(Job::request)
                .map(request -> Duration.between(request.submittedAt(), now))
                .filter(wait -> !wait.isNegative())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    void measureStorage(FolderJobStore store, AuditLog audit, long minFreeBytes) {
        metrics.timings(
                "tinderbox_flush_seconds",
                "Time to flush a file or folder of jobs, or the audit log, to the disk.",
                "files",
                Map.of("jobs", AtomicFiles.FLUSHES, "audit", audit.flushes()));
        IndexTimings index = store.indexTimings();
        metrics.timings(
                "tinderbox_index_seconds",
                "Time to list jobs in memory, to read ended jobs from the database, and to write changes to it.",
                "operation",
                Map.of("list", index.lists(), "read", index.reads(), "write", index.writes()));
        metrics.gauge(
                "tinderbox_index_current",
                "1 if the index follows every change, 0 if it has failed and the next start rebuilds it.",
                () -> store.isIndexCurrent() ? 1 : 0);
        metrics.gauge("tinderbox_disk_free_bytes", "Free space of the data dir.", store::usableBytes);
        metrics.gauge(
                "tinderbox_disk_min_free_bytes",
                "With less free space, no job is accepted and running ones are stopped.",
                () -> minFreeBytes);
    }

    void measureSpark(SparkEngine engine) {
        metrics.gauges("tinderbox_spark_session", "1 for the state that Spark's session is in.", "state", () -> {
            SessionState now = engine.status().state();
            return Arrays.stream(SessionState.values())
                    .collect(Collectors.toMap(SessionState::code, state -> state == now ? 1 : 0));
        });
        metrics.gauge("tinderbox_spark_cores", "How many tasks can run at the same time.", () -> {
            Integer cores = engine.cores();
            return cores == null ? 0 : cores;
        });
        metrics.gauge(
                "tinderbox_spark_executors",
                "Executors of the cluster; 0 with a local master.",
                () -> engine.executors().list().size());
        TaskTotals tasks = engine.taskTotals();
        metrics.counters(
                "tinderbox_spark_tasks_total",
                "Ended tasks.",
                "outcome",
                () -> Map.of("succeeded", tasks.succeeded(), "failed", tasks.failed(), "killed", tasks.killed()));
        metrics.counter(
                "tinderbox_spark_task_seconds_total",
                "How long all ended tasks have run together.",
                () -> tasks.millis() / MILLIS_PER_SECOND);
        metrics.counter(
                "tinderbox_spark_input_bytes_total", "Bytes that ended tasks have read of inputs.", tasks::inputBytes);
        metrics.counter(
                "tinderbox_spark_shuffle_read_bytes_total",
                "Bytes that ended tasks have read of shuffles.",
                tasks::shuffleReadBytes);
        metrics.counter(
                "tinderbox_spark_shuffle_written_bytes_total",
                "Bytes that ended tasks have written for shuffles.",
                tasks::shuffleWrittenBytes);
        metrics.counter(
                "tinderbox_spark_executors_removed_total",
                "Executors that have ended or were lost.",
                tasks::removedExecutors);
    }

    void measure(ServerInfo info) {
        metrics.info(
                "tinderbox_info",
                "Versions of this server.",
                Map.of("version", info.version(), "spark_version", info.sparkVersion()));
        metrics.gauges("tinderbox_check_ok", "1 if the check of /readyz holds, otherwise 0.", "check", () -> {
            Map<String, Integer> checks = new LinkedHashMap<>();
            info.checks()
                    .forEach(
                            check -> checks.put(check.name(), check.look().get().ok() ? 1 : 0));
            return checks;
        });
    }
}
