package tinderbox.http.api;

import java.util.Objects;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.Uploads;
import tinderbox.job.dispatch.JobService;
import tinderbox.jobtype.JobTypes;

/**
 * What the handlers work with.
 *
 * @param jobs all that can be done with jobs
 * @param types what can be run
 * @param datasets what can be read
 * @param uploads what takes in datasets
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
