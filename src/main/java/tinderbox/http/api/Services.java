package tinderbox.http.api;

import java.util.Objects;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.Uploads;
import tinderbox.job.dispatch.JobService;
import tinderbox.jobtype.JobTypes;

/**
 * The services that the handlers use.
 *
 * @param jobs runs jobs
 * @param types the job types
 * @param datasets the datasets
 * @param uploads stores uploaded datasets
 * @param info facts about this server
 */
public record Services(JobService jobs, JobTypes types, Datasets datasets, Uploads uploads, ServerInfo info) {
    public Services {
        Objects.requireNonNull(jobs, "jobs");
        Objects.requireNonNull(types, "types");
        Objects.requireNonNull(datasets, "datasets");
        Objects.requireNonNull(uploads, "uploads");
        Objects.requireNonNull(info, "info");
    }
}
