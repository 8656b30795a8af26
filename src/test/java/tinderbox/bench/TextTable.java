package tinderbox.bench;

/** Rows of cells in columns, printed as they come, so that a run that breaks off has told what it knew. */
final class TextTable {
    private static final int FIRST = 32;

    private final int[] widths;

    /** One with these columns; the first is wide and to the left, the others as wide as given and to the right. */
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
