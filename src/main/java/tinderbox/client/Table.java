package tinderbox.client;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Prints rows in columns, below their names. */
public final class Table {
    /** Columns that a cell may take; longer ones are cut. */
    private static final int MAX_CELL = 80;

    private static final String GAP = "  ";

    private final List<String> names;
    private final List<Boolean> right;

    /** A table whose columns are texts. */
    public Table(List<String> names) {
        this(names, names.stream().map(name -> false).toList());
    }

    /**
     * A table.
     *
     * @param right which columns are numbers, that end below each other
     */
    Table(List<String> names, List<Boolean> right) {
        this.names = names.stream().map(Table::cell).toList();
        this.right = List.copyOf(right);
    }

    private static String cell(String text) {
        return Terminal.cut(Terminal.safe(text.replace('\t', ' ').replace('\n', ' ')), MAX_CELL);
    }

    /** Prints the names, a line, and the rows. */
    public void print(List<List<String>> rows, PrintWriter out) {
        List<List<String>> cells = new ArrayList<>();
        int[] widths = names.stream().mapToInt(Terminal::width).toArray();
        for (List<String> row : rows) {
            List<String> shown = row.stream().map(Table::cell).toList();
            cells.add(shown);
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Terminal.width(shown.get(i)));
            }
        }
        out.println(line(names, widths));
        List<String> rules = new ArrayList<>();
        for (int width : widths) {
            rules.add("-".repeat(width));
        }
        out.println(line(rules, widths));
        cells.forEach(row -> out.println(line(row, widths)));
    }

    private String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String blanks = " ".repeat(widths[i] - Terminal.width(cells.get(i)));
            line.append(i == 0 ? "" : GAP);
            line.append(right.get(i) ? blanks + cells.get(i) : cells.get(i) + blanks);
        }
        return line.toString().stripTrailing();
    }
}
