package tinderbox.jobtype.wordcount;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The word that a concordance looks for, in the form in which the word count counts it. Every word of the input that has
 * this form is found.
 */
final class SearchedWord implements Serializable {
    private static final long serialVersionUID = 1;

    private final TokenNormalizer normalizer;
    private final String form;
    /** The same in ASCII, or null: then no word in ASCII has this form. */
    private final byte[] ascii;

    SearchedWord(TokenNormalizer normalizer, String word) {
        this.normalizer = normalizer;
        this.form = normalizer.form(UTF8String.fromString(word));
        byte[] utf8 = form.getBytes(StandardCharsets.UTF_8);
        this.ascii = isAscii(utf8, 0, utf8.length) ? utf8 : null;
    }

    /** The form that is counted; empty if the word is nothing but punctuation that is stripped. */
    String form() {
        return form;
    }

    /** Whether a word of the input has the form. */
    boolean matches(byte[] bytes, int from, int to) {
        if (isAscii(bytes, from, to)) {
            return ascii != null && matchesAscii(bytes, from, to);
        }
        return form.equals(normalizer.form(UTF8String.fromBytes(Arrays.copyOfRange(bytes, from, to))));
    }

    private boolean matchesAscii(byte[] bytes, int from, int to) {
        int first = from;
        int last = to;
        if (normalizer.stripPunctuation()) {
            while (first < last && TokenNormalizer.isPunctuation(bytes[first])) {
                first++;
            }
            while (first < last && TokenNormalizer.isPunctuation(bytes[last - 1])) {
                last--;
            }
        }
        if (last - first != ascii.length) {
            return false;
        }
        for (int i = 0; i < ascii.length; i++) {
            byte b = bytes[first + i];
            if ((!normalizer.caseSensitive() && b >= 'A' && b <= 'Z' ? b | 0x20 : b) != ascii[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** Where in a word of the input that matches the part begins that is not stripped. */
    int begin(String word) {
        return normalizer.stripPunctuation() ? TokenNormalizer.firstKept(word) : 0;
    }

    /** Where it ends. */
    int end(String word) {
        return normalizer.stripPunctuation() ? TokenNormalizer.lastKept(word) : word.length();
    }
}
