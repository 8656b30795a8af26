package tinderbox.job.result;

import java.util.List;
import java.util.Map;

/**
 * The description of a result: everything but its rows.
 *
 * @param columns its columns, in order
 * @param rows the number of rows, without the header
 * @param bytes size of the CSV file
 * @param sha256 of the CSV file, in lower-case hex
 * @param summary the job type's summary; values are String, Long, Double, Boolean, List or Map
 */
public record JobResult(List<Column> columns, long rows, long bytes, String sha256, Map<String, Object> summary) {
    public JobResult {
        columns = List.copyOf(columns);
    }
}
