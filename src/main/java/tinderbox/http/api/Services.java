package tinderbox.http.api;

import java.util.Objects;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.Uploads;
import tinderbox.job.dispatch.JobService;
import tinderbox.jobtype.JobTypes;
import tinderbox.jobtype.TableColumns;
import tinderbox.preset.Presets;

/**
 * The services that the handlers use.
 *
 * @param jobs runs jobs
 * @param types the job types
 * @param datasets the datasets
 * @param columns tells which columns datasets have
 * @param uploads stores uploaded datasets
 * @param presets keeps saved presets
 * @param info facts about this server
 */
public record Services(
        JobService jobs,
        JobTypes types,
        Datasets datasets,
        TableColumns columns,
        Uploads uploads,
        Presets presets,
        ServerInfo info) {
    public Services {
        Objects.requireNonNull(jobs, "jobs");
        Objects.requireNonNull(types, "types");
        Objects.requireNonNull(datasets, "datasets");
        Objects.requireNonNull(columns, "columns");
        Objects.requireNonNull(uploads, "uploads");
        Objects.requireNonNull(presets, "presets");
        Objects.requireNonNull(info, "info");
    }
}
