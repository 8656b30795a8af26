package tinderbox.job.result.read;

import java.util.List;
import tinderbox.job.result.Column;

/**
 * Some rows of a result.
 *
 * @param columns the columns of the result, in order
 * @param rows each with one value per column, to be written as JSON as it is
 * @param numbers the position of each row in the whole result, from 1
 * @param offset how many matching rows come before this page
 * @param limit the requested number of rows
 * @param total how many rows match
 */
public record ResultPage(
        List<Column> columns, List<List<Object>> rows, List<Long> numbers, long offset, int limit, long total) {}
