package tinderbox.job.result;

import java.util.List;

/**
 * The CSV dialect of results: RFC 4180 in UTF-8 with LF, without BOM and without backslash escapes. A null is an empty
 * cell, an empty string is {@code ""}.
 */
public final class Csv {
    /** ASCII, full-width and small signs that begin a formula, and the minus sign U+2212. */
    private static final String FORMULA_STARTS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212";

    /** Characters that some spreadsheets remove at the start of a cell before they evaluate the rest. */
    private static final String STRIPPED_STARTS = "\t\r\n";

    /** Characters at which some spreadsheets split cells, although this dialect uses commas. */
    private static final String OTHER_SEPARATORS = ";\t|\n\r";

    private Csv() {}

    /** Appends one record with its line feed. */
    public static void append(StringBuilder out, List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            appendCell(out, cells.get(i));
        }
        out.append('\n');
    }

    /** Appends one cell; nothing for null. */
    static void appendCell(StringBuilder out, String text) {
        if (text == null) {
            return;
        }
        if (!needsQuotes(text)) {
            out.append(text);
            return;
        }
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                out.append('"');
            }
            out.append(c);
        }
        out.append('"');
    }

    /**
     * Writes a text cell that is UTF-8 already, and not empty.
     *
     * @return the end of the cell in {@code out}
     */
    static int append(byte[] out, int at, byte[] utf8, int from, int length) {
        if (!needsQuotes(utf8, from, length)) {
            System.arraycopy(utf8, from, out, at, length);
            return at + length;
        }
        int end = at;
        out[end++] = '"';
        for (int i = from; i < from + length; i++) {
            if (utf8[i] == '"') {
                out[end++] = '"';
            }
            out[end++] = utf8[i];
        }
        out[end++] = '"';
        return end;
    }

    /**
     * Writes a number in decimal digits.
     *
     * @param number not negative
     * @return the end of the number in {@code out}
     */
    static int append(byte[] out, int at, long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            out[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }

    private static boolean needsQuotes(byte[] utf8, int from, int length) {
        for (int i = from; i < from + length; i++) {
            byte c = utf8[i];
            if (c == ',' || c == '"' || c == '\n' || c == '\r') {
                return true;
            }
        }
        return false;
    }

    private static boolean needsQuotes(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ',' || c == '"' || c == '\n' || c == '\r') {
                return true;
            }
        }
        return text.isEmpty();
    }

    /**
     * The cell with an apostrophe before everything that a spreadsheet would run as a formula: at its start, and after
     * each character at which some spreadsheets split cells. They split within quotes too, unless the quotes begin a cell.
     *
     * @see <a href="https://owasp.org/www-community/attacks/CSV_Injection">OWASP: CSV injection</a>
     */
    public static String defused(String cell) {
        if (cell == null) {
            return null;
        }
        StringBuilder safe = null;
        int copied = 0;
        boolean begins = true;
        for (int i = 0; i < cell.length(); i++) {
            if (begins && startsFormula(cell, i)) {
                safe = safe == null ? new StringBuilder(cell.length() + 8) : safe;
                safe.append(cell, copied, i).append('\'');
                copied = i;
            }
            begins = OTHER_SEPARATORS.indexOf(cell.charAt(i)) >= 0;
        }
        return safe == null ? cell : safe.append(cell, copied, cell.length()).toString();
    }

    /** Whether a spreadsheet would run a cell that begins here, after it has removed what it ignores. */
    private static boolean startsFormula(String cell, int from) {
        if (from == 0 && STRIPPED_STARTS.indexOf(cell.charAt(0)) >= 0) {
            return true;
        }
        int at = from;
        while (at < cell.length() && isStripped(cell.charAt(at))) {
            at++;
        }
        return at < cell.length() && FORMULA_STARTS.indexOf(cell.charAt(at)) >= 0;
    }

    private static boolean isStripped(char c) {
        return c == '"'
                || Character.isWhitespace(c)
                || Character.isSpaceChar(c)
                || Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT;
    }
}
