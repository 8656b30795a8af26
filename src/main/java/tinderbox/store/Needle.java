package tinderbox.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * A text that is looked for in many others, whatever its case; allocates nothing as it looks. Bytes of UTF-8 are
 * compared: a character begins nowhere within another, so what is found is the text itself.
 *
 * @see <a href="https://doi.org/10.1002/spe.4380100608">Horspool, Practical fast searching in strings, 1980</a>
 */
final class Needle {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int ID_LENGTH = 36;

    private final byte[] wanted;
    /** How far to go on from a byte that stands where the last of what is wanted should be. */
    private final int[] step = new int[256];

    private final byte[] id = new byte[ID_LENGTH];
    private final boolean canBeInId;

    Needle(String text) {
        this.wanted = bytes(text);
        int last = wanted.length - 1;
        Arrays.fill(step, Math.max(1, wanted.length));
        for (int i = 0; i < last; i++) {
            step[wanted[i] & 0xff] = last - i;
        }
        this.canBeInId = wanted.length <= ID_LENGTH
                && text.toLowerCase(Locale.ROOT).chars().allMatch(c -> c == '-' || "0123456789abcdef".indexOf(c) >= 0);
    }

    /** A text as it is searched: in lower case and UTF-8. */
    static byte[] bytes(String text) {
        return text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    }

    /** Whether these bytes contain it. */
    boolean isIn(byte[] bytes, int from, int to) {
        int last = wanted.length - 1;
        if (last < 0) {
            return true;
        }
        byte end = wanted[last];
        for (int at = from + last; at < to; at += step[bytes[at] & 0xff]) {
            if (bytes[at] == end && Arrays.equals(bytes, at - last, at, wanted, 0, last)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the canonical form of a UUID contains it. */
    boolean isInId(long high, long low) {
        if (!canBeInId) {
            return false;
        }
        int at = 0;
        for (int digit = 0; digit < 32; digit++) {
            if (digit == 8 || digit == 12 || digit == 16 || digit == 20) {
                id[at++] = '-';
            }
            long half = digit < 16 ? high : low;
            id[at++] = DIGITS[(int) (half >>> (60 - 4 * (digit & 15))) & 15];
        }
        return isIn(id, 0, ID_LENGTH);
    }
}
