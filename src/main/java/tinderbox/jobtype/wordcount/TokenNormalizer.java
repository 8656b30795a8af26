package tinderbox.jobtype.wordcount;

import com.ibm.icu.lang.UCharacter;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Normalizes words as far as {@link Tokenizer} has not: once for each distinct word of a table, instead of for each word
 * of the input.
 *
 * @param caseSensitive whether upper case is kept
 * @param stripPunctuation whether characters of the Unicode categories P and S are removed at both ends
 * @param minLength shorter words are removed; in code points
 */
record TokenNormalizer(boolean caseSensitive, boolean stripPunctuation, int minLength) implements Serializable {

    /** Replaces all words of a table by their normalized forms. */
    void apply(WordTable table) throws IOException {
        EncodedCounts changed = new EncodedCounts();
        byte[] word = new byte[64];
        for (int entry : table.entries()) {
            boolean ascii = table.isAsciiAt(entry);
            if (ascii && !stripPunctuation && minLength <= 1) {
                continue;
            }
            int length = table.lengthAt(entry);
            if (word.length < length + WordTable.PADDING) {
                word = new byte[2 * length + WordTable.PADDING];
            }
            table.copy(entry, word, 0);
            if (ascii) {
                normalizeAscii(table, entry, word, length, changed);
            } else {
                normalizeUnicode(table, entry, UTF8String.fromBytes(word, 0, length), changed);
            }
        }
        EncodedCounts.addAll(changed.toBytes(), table);
    }

    private void normalizeAscii(WordTable table, int entry, byte[] word, int length, EncodedCounts changed) {
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
            long count = table.remove(entry);
            if (kept) {
                changed.add(word, from, to - from, count);
            }
        }
    }

    /** A word with bytes above 0x7F. */
    private void normalizeUnicode(WordTable table, int entry, UTF8String raw, EncodedCounts changed) {
        String word = form(raw);
        long count = table.remove(entry);
        if (word.codePointCount(0, word.length()) >= minLength) {
            byte[] form = word.getBytes(StandardCharsets.UTF_8);
            changed.add(form, 0, form.length, count);
        }
    }

    /** The word that is counted for one of the input, however short; empty if nothing is left of it. */
    String form(UTF8String raw) {
        // Gives the same results as Spark's lower() and split(): invalid UTF-8 becomes U+FFFD, and the lower case of a
        // letter may depend on its neighbours in the word. Spark's own class is not used, because it first computes the
        // title case of all 1.1 million code points, which takes seconds. It also depends on the machine's locale: in
        // Turkish, I becomes another letter, but not on every line.
        String word = caseSensitive ? raw.toString() : UCharacter.toLowerCase(Locale.ROOT, raw.toValidString());
        return stripPunctuation ? word.substring(firstKept(word), lastKept(word)) : word;
    }

    /** Where what is left of a word begins if punctuation is stripped. */
    static int firstKept(String word) {
        int from = 0;
        while (from < word.length() && isPunctuation(word.codePointAt(from))) {
            from += Character.charCount(word.codePointAt(from));
        }
        return from;
    }

    /** Where what is left of a word ends if punctuation is stripped; not before {@link #firstKept}. */
    static int lastKept(String word) {
        int from = firstKept(word);
        int to = word.length();
        while (from < to && isPunctuation(word.codePointBefore(to))) {
            to -= Character.charCount(word.codePointBefore(to));
        }
        return to;
    }

    static boolean isPunctuation(int codePoint) {
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
