package tinderbox.jobtype.wordcount;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.util.CollationSupport;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What counts as the same word, beyond white space and ASCII letters: applied once to each distinct word of a table, not
 * to each word of the input.
 *
 * @param caseSensitive whether capitals are kept
 * @param stripPunctuation whether characters of the Unicode categories P and S are removed at both ends
 * @param minLength the least number of code points of a word that is kept
 */
record WordForms(boolean caseSensitive, boolean stripPunctuation, int minLength) implements Serializable {

    /** A table of the forms of the words in {@code table}; the same table where no word has another form. */
    WordTable apply(WordTable table) {
        int[] places = table.places();
        if (changesNothing(table, places)) {
            return table;
        }
        WordTable forms = new WordTable();
        byte[] word = new byte[64];
        for (int place : places) {
            int length = table.lengthAt(place);
            if (word.length < length + WordTable.PADDING) {
                word = new byte[2 * length + WordTable.PADDING];
            }
            table.copy(place, word, 0);
            if (table.isAsciiAt(place)) {
                addAscii(forms, word, length, table.countAt(place));
            } else {
                addOther(forms, UTF8String.fromBytes(word, 0, length), table.countAt(place));
            }
        }
        return forms;
    }

    private boolean changesNothing(WordTable table, int[] places) {
        if (stripPunctuation || minLength > 1) {
            return false;
        }
        for (int place : places) {
            if (!table.isAsciiAt(place)) {
                return false;
            }
        }
        return true;
    }

    private void addAscii(WordTable forms, byte[] word, int length, long count) {
        int from = 0;
        int to = length;
        if (stripPunctuation) {
            while (from < to && isPunctuation(word[from])) {
                from++;
            }
            while (from < to && isPunctuation(word[to - 1])) {
                to--;
            }
        }
        if (to - from >= minLength) {
            forms.add(word, from, to - from, count);
        }
    }

    private void addOther(WordTable forms, UTF8String raw, long count) {
        // As Spark's lower() and split() do it, so that results are the same as those of a query of Spark's: bytes that
        // are not UTF-8 become U+FFFD, and what one letter becomes may hang on its neighbours, but not beyond a blank.
        String word = caseSensitive
                ? raw.toString()
                : CollationSupport.Lower.execBinaryICU(raw).toString();
        int from = 0;
        int to = word.length();
        if (stripPunctuation) {
            while (from < to && isPunctuation(word.codePointAt(from))) {
                from += Character.charCount(word.codePointAt(from));
            }
            while (from < to && isPunctuation(word.codePointBefore(to))) {
                to -= Character.charCount(word.codePointBefore(to));
            }
        }
        if (word.codePointCount(from, to) >= minLength) {
            byte[] form = word.substring(from, to).getBytes(StandardCharsets.UTF_8);
            forms.add(Arrays.copyOf(form, form.length + WordTable.PADDING), 0, form.length, count);
        }
    }

    private static boolean isPunctuation(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION,
                    Character.MATH_SYMBOL,
                    Character.CURRENCY_SYMBOL,
                    Character.MODIFIER_SYMBOL,
                    Character.OTHER_SYMBOL -> true;
            default -> false;
        };
    }
}
