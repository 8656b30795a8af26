package tinderbox.job.result.read;

import java.util.List;

/**
 * Which rows of a result, in which order.
 *
 * @param text only rows whose first column contains it, ignoring case; null for all rows
 * @param filters only rows that satisfy all of these
 * @param sort the order; the first column counts most, and rows that are equal stay as they are in the result. Empty for
 *     the order of the result
 * @param instead what a user can do if this takes too long or too much memory
 */
public record ResultQuery(String text, List<ColumnFilter> filters, List<ColumnSort> sort, String instead) {
    public ResultQuery {
        filters = List.copyOf(filters);
        sort = List.copyOf(sort);
    }

    /** All rows, in the order of the result. */
    public static ResultQuery all() {
        return new ResultQuery(null, List.of(), List.of(), "download it with ?format=csv, and look in that file");
    }

    /** Whether some rows may be missing. */
    boolean isSelective() {
        return text != null || !filters.isEmpty();
    }
}
