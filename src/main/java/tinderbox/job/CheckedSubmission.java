package tinderbox.job;

import java.util.List;
import java.util.Map;

/**
 * What the {@link JobCatalog} makes of a submission.
 *
 * @param params every parameter of the type that has a value, with defaults: String, Long, Boolean or a list of String
 * @param inputs the paths of the datasets that the job reads, each once
 * @param label the name of the job if its submitter gives it none: one line of at most {@link JobRequest#MAX_NAME}
 *     characters
 * @param searchText what a search finds the job by besides its name and id; at most {@link JobRequest#MAX_SEARCH_TEXT}
 *     characters
 */
public record CheckedSubmission(Map<String, Object> params, List<String> inputs, String label, String searchText) {}
