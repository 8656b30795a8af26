package tinderbox.job.result.read;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Finds a text in cells, ignoring case. */
final class TextSearch {
    private final String lowerCase;
    /** The same in ASCII, or null if it has other characters. */
    private final byte[] ascii;

    TextSearch(String text) {
        this.lowerCase = text.toLowerCase(Locale.ROOT);
        this.ascii = lowerCase.chars().allMatch(c -> c < 0x80) ? lowerCase.getBytes(StandardCharsets.US_ASCII) : null;
    }

    /** Whether a cell contains the text; a null contains nothing. */
    boolean matches(CsvReader row, int cell) {
        if (row.isNull(cell)) {
            return false;
        }
        // Most cells need not be decoded.
        Boolean found = ascii == null ? null : row.containsAscii(cell, ascii);
        return found == null ? isIn(row.text(cell)) : found;
    }

    /** Whether a text contains it. */
    boolean isIn(String text) {
        return text.toLowerCase(Locale.ROOT).contains(lowerCase);
    }
}
