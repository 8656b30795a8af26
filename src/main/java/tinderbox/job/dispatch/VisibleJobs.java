package tinderbox.job.dispatch;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import tinderbox.job.ErrorCode;
import tinderbox.job.FilterValues;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobIds;
import tinderbox.job.JobPage;
import tinderbox.job.JobPatch;
import tinderbox.job.JobQuery;
import tinderbox.job.JobView;
import tinderbox.job.Submission;
import tinderbox.job.SubmissionResult;
import tinderbox.job.Visibility;

/**
 * The operations on jobs for a caller who sees those of some submitters only. Every other job is to it as if it did not
 * exist. The one place where that is checked: handlers get jobs in no other way.
 */
public final class VisibleJobs {
    private final JobService jobs;
    private final Visibility visibility;

    VisibleJobs(JobService jobs, Visibility visibility) {
        this.jobs = jobs;
        this.visibility = visibility;
    }

    /**
     * Accepts a job, which may read what the caller sees.
     *
     * @param check refuses what may not be accepted now; a repeated submission gets its job in spite of it
     * @throws JobException as {@link JobService#submit}
     */
    public SubmissionResult submit(Submission submission, Runnable check) {
        return jobs.submit(submission, check, visibility);
    }

    /**
     * Accepts a new job with the parameters of an old one.
     *
     * @param preset the id of the preset that it belongs to, or null
     * @throws JobException as {@link JobService#rerun}
     */
    public SubmissionResult rerun(JobId id, String by, IdempotencyKey idempotencyKey, String preset) {
        find(id);
        return jobs.rerun(id, by, idempotencyKey, preset, visibility);
    }

    /**
     * The current version of a job.
     *
     * @throws JobException {@link ErrorCode#JOB_NOT_FOUND}
     */
    public JobView find(JobId id) {
        JobView found = jobs.find(id);
        if (!sees(found)) {
            throw JobService.notFound();
        }
        return found;
    }

    /** The running jobs, in no order. */
    public List<JobView> running() {
        return jobs.running().stream().filter(this::sees).toList();
    }

    /** A page of jobs, newest first. */
    public JobPage<JobView> list(JobQuery query) {
        return jobs.list(query.among(visibility));
    }

    /** The ids of a page of jobs, which may be long. */
    public JobIds ids(JobQuery query) {
        return jobs.ids(query.among(visibility));
    }

    /** Those of these jobs that still exist, in this order. */
    public List<JobView> find(List<JobId> ids) {
        return jobs.find(ids).stream().filter(this::sees).toList();
    }

    /** What these jobs can be filtered by, at most {@code limit} values of each kind. */
    public FilterValues filterValues(int limit) {
        return jobs.filterValues(visibility, limit);
    }

    private boolean sees(JobView view) {
        return visibility.includes(view.job().request().submittedBy());
    }

    /**
     * Cancels a job.
     *
     * @throws JobException as {@link JobService#cancel}
     */
    public JobView cancel(JobId id, String by) {
        find(id);
        return jobs.cancel(id, by);
    }

    /**
     * Changes what users say about a job.
     *
     * @throws JobException as {@link JobService#edit}
     */
    public JobView edit(JobId id, JobPatch patch, String by, Consumer<Job> check) {
        find(id);
        return jobs.edit(id, patch, by, check);
    }

    /**
     * Deletes an ended job with its log and result.
     *
     * @throws JobException as {@link JobService#delete}
     */
    public void delete(JobId id) {
        find(id);
        jobs.delete(id, visibility);
    }

    /** A future that completes when the job has ended. Cancel it to stop waiting. */
    public CompletableFuture<Job> whenEnded(JobId id) {
        find(id);
        return jobs.whenEnded(id);
    }

    /** The operations on run sets. */
    public RunSets runSets() {
        return jobs.runSets().seenBy(visibility);
    }

    /** What the jobs produce. */
    public JobArtifacts artifacts() {
        return jobs.artifacts().seenBy(visibility);
    }
}
