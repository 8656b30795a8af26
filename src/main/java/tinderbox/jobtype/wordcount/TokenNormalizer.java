package tinderbox.jobtype.wordcount;

import com.ibm.icu.lang.UCharacter;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What counts as the same word, beyond white space and ASCII letters: applied once to each distinct word of a table, not
 * to each word of the input.
 *
 * @param caseSensitive whether capitals are kept
 * @param stripPunctuation whether characters of the Unicode categories P and S are removed at both ends
 * @param minLength the least number of code points of a word that is kept
 */
record TokenNormalizer(boolean caseSensitive, boolean stripPunctuation, int minLength) implements Serializable {

    /** Puts the forms of the words in a table in the place of the words. */
    void apply(WordTable table) throws IOException {
        EncodedCounts changed = new EncodedCounts();
        byte[] word = new byte[64];
        for (int place : table.places()) {
            boolean ascii = table.isAsciiAt(place);
            if (ascii && !stripPunctuation && minLength <= 1) {
                continue;
            }
            int length = table.lengthAt(place);
            if (word.length < length + WordTable.PADDING) {
                word = new byte[2 * length + WordTable.PADDING];
            }
            table.copy(place, word, 0);
            if (ascii) {
                formAscii(table, place, word, length, changed);
            } else {
                formOther(table, place, UTF8String.fromBytes(word, 0, length), changed);
            }
        }
        EncodedCounts.addAll(changed.toBytes(), table);
    }

    private void formAscii(WordTable table, int place, byte[] word, int length, EncodedCounts changed) {
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
        boolean kept = to - from >= minLength;
        if (!kept || to - from < length) {
            long count = table.takeOut(place);
            if (kept) {
                changed.add(word, from, to - from, count);
            }
        }
    }

    /** A word with bytes above 0x7F. */
    private void formOther(WordTable table, int place, UTF8String raw, EncodedCounts changed) {
        // As Spark's lower() and split() do it, so that results are the same as those of a query of Spark's: bytes that
        // are not UTF-8 become U+FFFD, and what one letter becomes may hang on its neighbours, but not beyond a blank.
        // Not by calling Spark's: its class first makes titles of all 1.1 million code points, which takes seconds. And
        // it asks for the machine's locale, in which a Turk's capital I becomes another letter, but not on every line.
        String word = caseSensitive ? raw.toString() : UCharacter.toLowerCase(Locale.ROOT, raw.toValidString());
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
        long count = table.takeOut(place);
        if (word.codePointCount(from, to) >= minLength) {
            byte[] form = word.substring(from, to).getBytes(StandardCharsets.UTF_8);
            changed.add(form, 0, form.length, count);
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
