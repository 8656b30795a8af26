package tinderbox.job.result.read;

import java.util.List;
import tinderbox.job.result.JobResult;

/**
 * Which rows of a result, in which order.
 *
 * @param foldCase whether texts that differ only in upper and lower case are one row, with their numbers added up; for
 *     results of a text and a whole number. All that follows is about these rows
 * @param text only rows that contain it, ignoring case; null for all rows
 * @param together the columns that are searched for it, as if they were one; empty to search the first column and
 *     each column of texts
 * @param filters only rows that satisfy all of these
 * @param sort the order; the first column counts most, and rows that are equal stay as they are in the result. Empty for
 *     the order of the result
 * @param instead what a user can do if this takes too long or too much memory
 */
public record ResultQuery(
        boolean foldCase,
        String text,
        List<Integer> together,
        List<ColumnFilter> filters,
        List<ColumnSort> sort,
        String instead) {
    public ResultQuery {
        together = List.copyOf(together);
        filters = List.copyOf(filters);
        sort = List.copyOf(sort);
    }

    /** Without columns that are searched as one. */
    public ResultQuery(
            boolean foldCase, String text, List<ColumnFilter> filters, List<ColumnSort> sort, String instead) {
        this(foldCase, text, List.of(), filters, sort, instead);
    }

    /** Whether a result has the columns for {@code foldCase}. */
    public static boolean canFold(JobResult result) {
        return FoldedRows.canFold(result);
    }

    /** All rows, in the order of the result. */
    public static ResultQuery all() {
        return new ResultQuery(
                false, null, List.of(), List.of(), "download it with ?format=csv, and look in that file");
    }

    /** All rows that this query may select, in the order of the result. */
    ResultQuery unselected() {
        return new ResultQuery(foldCase, null, List.of(), List.of(), instead);
    }

    /** Whether some rows may be missing. */
    boolean isSelective() {
        return text != null || !filters.isEmpty();
    }
}
