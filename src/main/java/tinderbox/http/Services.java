package tinderbox.http;

import java.util.Objects;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.Uploads;
import tinderbox.job.JobService;
import tinderbox.jobtype.JobTypes;
import tinderbox.security.AuditLog;
import tinderbox.security.Door;

/**
 * What the handlers work with.
 *
 * @param jobs all that can be done with jobs
 * @param types what can be run
 * @param datasets what can be read
 * @param uploads what takes in datasets
 * @param info facts about this server
 * @param door who may do what
 * @param audit where it is written down who did what
 */
public record Services(
        JobService jobs,
        JobTypes types,
        Datasets datasets,
        Uploads uploads,
        ServerInfo info,
        Door door,
        AuditLog audit) {
    public Services {
        Objects.requireNonNull(jobs, "jobs");
        Objects.requireNonNull(types, "types");
        Objects.requireNonNull(datasets, "datasets");
        Objects.requireNonNull(uploads, "uploads");
        Objects.requireNonNull(info, "info");
        Objects.requireNonNull(door, "door");
        Objects.requireNonNull(audit, "audit");
    }
}
