package tinderbox.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobListener;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;

/** Counts jobs and measures how long they wait and run. */
public final class JobMetrics implements JobListener {
    /** The type of jobs whose type this server does not have, such as one that was removed. */
    private static final String OTHER_TYPE = "other";
    /** The upper bounds of waits and runs, in seconds. */
    private static final double[] LONG_SECONDS = {
        0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600
    };

    private static final Map<JobState, String> OUTCOMES = new EnumMap<>(Map.of(
            JobState.SUCCEEDED, "succeeded",
            JobState.FAILED, "failed",
            JobState.CANCELLED, "cancelled"));

    private final Set<String> types;
    private final Set<JobId> running = ConcurrentHashMap.newKeySet();
    private final Counter accepted;
    private final Histogram acceptSeconds;
    private final Counter started;
    private final Counter lost;
    private final Counter ended;
    private final Counter failed;
    private final Histogram waitSeconds;
    private final Histogram runSeconds;

    JobMetrics(PrometheusRegistry registry, Set<String> types) {
        this.types = Set.copyOf(types);
        accepted = counter("tinderbox_jobs_accepted_total", "Accepted jobs.", "type")
                .register(registry);
        acceptSeconds = Metrics.shortSeconds()
                .name("tinderbox_job_accept_seconds")
                .help("Time to check a submission and to store it on the disk.")
                .register(registry);
        started = counter("tinderbox_attempts_started_total", "Started attempts.", "type")
                .register(registry);
        lost = counter("tinderbox_attempts_lost_total", "Attempts that were lost; their jobs wait again.", "type")
                .register(registry);
        ended = counter("tinderbox_jobs_ended_total", "Ended jobs.", "type", "outcome")
                .register(registry);
        failed = counter("tinderbox_jobs_failed_total", "Failed jobs, by the code of their failure.", "code")
                .register(registry);
        waitSeconds = histogram("tinderbox_job_wait_seconds", "Time from a job's submission to its first start.")
                .register(registry);
        runSeconds = histogram("tinderbox_job_run_seconds", "How long the last attempt of an ended job ran.")
                .register(registry);
        types.forEach(this::startAtZero);
    }

    private static Counter.Builder counter(String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels);
    }

    private static Histogram.Builder histogram(String name, String help) {
        return Histogram.builder()
                .classicOnly()
                .classicUpperBounds(LONG_SECONDS)
                .name(name)
                .help(help)
                .labelNames("type");
    }

    /** Otherwise Prometheus would not see the first job of a type as an increase. */
    private void startAtZero(String type) {
        accepted.initLabelValues(type);
        started.initLabelValues(type);
        lost.initLabelValues(type);
        OUTCOMES.values().forEach(outcome -> ended.initLabelValues(type, outcome));
        waitSeconds.initLabelValues(type);
        runSeconds.initLabelValues(type);
    }

    private String type(Job job) {
        String type = job.request().type();
        return types.contains(type) ? type : OTHER_TYPE;
    }

    /** A job was accepted, which took this long. */
    public void accepted(Job job, Duration took) {
        accepted.labelValues(type(job)).inc();
        acceptSeconds.observe(seconds(took));
    }

    @Override
    public void changed(Job job) {
        switch (job.state()) {
            case RUNNING -> started(job);
            case SUCCEEDED, FAILED, CANCELLED -> ended(job);
            case PENDING -> {
                // The first attempt of a job may have been taken back; if the server has died, it was not running here.
                if (running.remove(job.id()) || job.attempt() > 0) {
                    lost.labelValues(type(job)).inc();
                }
            }
            case CANCELLING -> {}
        }
    }

    private void started(Job job) {
        running.add(job.id());
        started.labelValues(type(job)).inc();
        if (job.attempt() == 1) {
            Duration waited = Duration.between(job.request().submittedAt(), job.startedAt());
            waitSeconds.labelValues(type(job)).observe(seconds(waited));
        }
    }

    private void ended(Job job) {
        running.remove(job.id());
        ended.labelValues(type(job), OUTCOMES.get(job.state())).inc();
        if (job.end().outcome() instanceof Outcome.Failed failure) {
            failed.labelValues(failure.failure().code().code()).inc();
        }
        if (job.attempt() > 0) {
            runSeconds.labelValues(type(job)).observe(seconds(job.end().ran()));
        }
    }

    private static double seconds(Duration duration) {
        return Metrics.seconds(duration.toNanos());
    }

    @Override
    public void deleted(Job job) {}
}
