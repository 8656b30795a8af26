package tinderbox.job.result;

import java.util.List;

/**
 * Some rows of a result.
 *
 * @param columns in order
 * @param rows each with one value per column: String, Long, Double, Boolean or null
 * @param numbers the place of each of them in the whole result, from 1
 * @param offset how many matching rows come before the first of these
 * @param limit how many were asked for
 * @param total how many rows match
 */
public record ResultPage(
        List<Column> columns, List<List<Object>> rows, List<Long> numbers, long offset, int limit, long total) {}
