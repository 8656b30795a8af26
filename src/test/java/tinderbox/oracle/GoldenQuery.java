package tinderbox.oracle;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A query of Spark's own tests with its known answer.
 *
 * @param file the name of its file below {@code sql-tests/results}, without the ending
 * @param number its place among the statements of the file, counted from 1
 * @param sql its text
 * @param answer the rows, each on a line with cells in the form of Hive between tabs; sorted, unless the query sorts
 */
record GoldenQuery(String file, int number, String sql, String answer) {
    /** Identifies it in lists. */
    String id() {
        return file + "#" + number;
    }

    /** Whether these rows, in the same form, are the answer. */
    boolean isAnsweredBy(List<String> rows) {
        return joined(rows).equals(answer)
                || joined(rows.stream().sorted().toList()).equals(answer);
    }

    private static String joined(List<String> rows) {
        // The suite writes #x for the numbers of columns, wherever they are.
        return rows.stream()
                .map(row -> row.replaceAll("#\\d+", "#x"))
                .collect(Collectors.joining("\n"))
                .stripTrailing();
    }
}
