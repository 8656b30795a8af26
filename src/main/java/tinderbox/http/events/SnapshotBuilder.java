package tinderbox.http.events;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tinderbox.http.json.JobJson;
import tinderbox.http.json.LogPageJson;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobPage;
import tinderbox.job.JobQuery;
import tinderbox.job.JobView;
import tinderbox.job.Visibility;
import tinderbox.job.dispatch.JobService;

/** Builds the snapshots of event streams. */
final class SnapshotBuilder {
    private static final int NEWEST_JOBS = 200;

    private final JobService jobs;
    private final LogTail logs;

    SnapshotBuilder(JobService jobs, LogTail logs) {
        this.jobs = jobs;
        this.logs = logs;
    }

    /** The running and the newest jobs that somebody sees. */
    EventJson.ManyJobs manyJobs(Visibility visibility) {
        Map<JobId, JobView> views = new LinkedHashMap<>();
        jobs.running().stream()
                .filter(view -> visibility.includes(view.job().request().submittedBy()))
                .forEach(view -> views.put(view.job().id(), view));
        JobPage<JobView> newest = jobs.seenBy(visibility).list(JobQuery.newest(NEWEST_JOBS));
        newest.jobs().forEach(view -> views.put(view.job().id(), view));
        List<JobJson> listed = views.values().stream()
                .sorted(Comparator.comparingLong(
                                (JobView view) -> view.job().request().seq())
                        .reversed())
                .map(this::listed)
                .toList();
        return new EventJson.ManyJobs(listed, JobJson.counts(newest.counts()));
    }

    /** One job, with the lines of its log before {@code nextLine}. */
    EventJson.OneJob oneJob(JobId id, long nextLine) {
        return new EventJson.OneJob(
                listed(jobs.find(id).job()), LogPageJson.of(id, logs.lastLinesBefore(id, nextLine)));
    }

    /** A job as in a list; if it has ended, with its final progress. */
    JobJson listed(Job job) {
        JobView view = jobs.view(job);
        return listed(view.withProgress(jobs.artifacts().progress(view).orElse(null)));
    }

    private JobJson listed(JobView view) {
        return JobJson.listed(view, jobs.limits().maxAttempts());
    }
}
