package tinderbox.job.result.read;

import java.util.stream.IntStream;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;

/** Finds the text of a query in rows. */
final class RowSearch {
    private final TextSearch text;
    private final int[] columns;
    private final boolean isTogether;

    RowSearch(JobResult result, ResultQuery query) {
        this.text = new TextSearch(query.text());
        this.isTogether = !query.together().isEmpty();
        this.columns = isTogether
                ? query.together().stream().mapToInt(Integer::intValue).toArray()
                : searched(result);
    }

    private static int[] searched(JobResult result) {
        // Every row has a first cell, even if the result has no columns.
        return IntStream.range(0, Math.max(1, result.columns().size()))
                .filter(index -> index == 0 || result.columns().get(index).type() == Column.Type.STRING)
                .toArray();
    }

    boolean matches(CsvReader row) {
        for (int column : columns) {
            if (text.matches(row, column)) {
                return true;
            }
        }
        return isTogether && text.isIn(joined(row));
    }

    private String joined(CsvReader row) {
        StringBuilder joined = new StringBuilder();
        for (int column : columns) {
            joined.append(row.isNull(column) ? "" : row.text(column));
        }
        return joined.toString();
    }
}
