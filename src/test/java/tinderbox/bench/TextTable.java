package tinderbox.bench;

/** A table of text, printed row by row, so that an aborted run shows its results so far. */
final class TextTable {
    private static final int FIRST = 32;

    private final int[] widths;

    /** Prints the heads. The first column is wide and left-aligned; {@code widths} are those of the others. */
    TextTable(int[] widths, String... heads) {
        this.widths = widths;
        row(heads);
    }

    void row(String... cells) {
        StringBuilder line = new StringBuilder(pad(cells[0], -FIRST));
        for (int i = 1; i < cells.length; i++) {
            line.append("  ").append(pad(cells[i], widths[i - 1]));
        }
        System.out.println(line.toString().stripTrailing());
    }

    private static String pad(String text, int width) {
        return String.format("%" + width + "s", text);
    }
}
