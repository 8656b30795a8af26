package tinderbox.http;

import java.util.Objects;
import tinderbox.dataset.Datasets;
import tinderbox.job.JobService;
import tinderbox.jobtype.JobTypes;

/**
 * What the handlers work with.
 *
 * @param jobs all that can be done with jobs
 * @param types what can be run
 * @param datasets what can be read
 * @param info facts about this server
 */
public record Services(JobService jobs, JobTypes types, Datasets datasets, ServerInfo info) {
    public Services {
        Objects.requireNonNull(jobs, "jobs");
        Objects.requireNonNull(types, "types");
        Objects.requireNonNull(datasets, "datasets");
        Objects.requireNonNull(info, "info");
    }
}
