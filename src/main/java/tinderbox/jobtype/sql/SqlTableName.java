package tinderbox.jobtype.sql;

import java.util.List;
import tinderbox.job.TextPosition;

/**
 * A table that a query names.
 *
 * @param parts its name, as in {@code samples.air.airports}; one part if it is a path in backquotes
 * @param position where in the query
 */
record SqlTableName(List<String> parts, TextPosition position) {
    SqlTableName {
        parts = List.copyOf(parts);
    }
}
