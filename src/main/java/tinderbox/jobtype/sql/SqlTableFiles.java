package tinderbox.jobtype.sql;

import java.util.List;
import java.util.Map;
import tinderbox.job.JobException;
import tinderbox.job.TextPosition;

/** The tables of a query that are named by one word, which may be the path of a file. */
public final class SqlTableFiles {
    private SqlTableFiles() {}

    /**
     * A table.
     *
     * @param path as the query names it, without quotes
     * @param isText whether the query has it as the text that it gives to a reader such as {@code read_csv}
     * @param position where in the query its name, or a part of the query that begins with it, is
     */
    public record Named(String path, boolean isText, TextPosition position) {}

    /** The tables of a query, in the order of its text; none if the server would not accept it. */
    public static List<Named> of(String query, Map<String, Object> args) {
        try {
            return SqlParser.parse(query, args).tables().stream()
                    .filter(table -> table.parts().size() == 1 && table.position() != null)
                    .map(table -> new Named(table.parts().get(0), table.reader() != null, table.position()))
                    .distinct()
                    .sorted((a, b) -> a.position().line() == b.position().line()
                            ? Integer.compare(
                                    a.position().column(), b.position().column())
                            : Integer.compare(a.position().line(), b.position().line()))
                    .toList();
        } catch (JobException e) {
            // The server says so, with the place.
            return List.of();
        }
    }
}
