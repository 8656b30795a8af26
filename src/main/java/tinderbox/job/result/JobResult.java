package tinderbox.job.result;

import java.util.List;
import java.util.Map;

/**
 * What is known of a result beside its rows.
 *
 * @param columns in order
 * @param rows how many, the header not counted
 * @param bytes size of the CSV file
 * @param sha256 of the CSV file, in lower-case hex
 * @param summary what the job type tells of its result: values are String, Long, Double, Boolean, List or Map
 */
public record JobResult(List<Column> columns, long rows, long bytes, String sha256, Map<String, Object> summary) {
    public JobResult {
        columns = List.copyOf(columns);
    }
}
