package tinderbox.store.index;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finds a text in many others, ignoring case, without allocating. It compares bytes of UTF-8, where no character begins
 * inside another, so a match is always the text itself.
 *
 * @see <a href="https://doi.org/10.1002/spe.4380100608">Horspool, Practical fast searching in strings, 1980</a>
 */
final class SubstringMatcher {
    /** The two digits of every byte. */
    private static final byte[] DIGITS = IntStream.range(0, 256)
            .mapToObj(value -> String.format("%02x", value))
            .collect(Collectors.joining())
            .getBytes(StandardCharsets.US_ASCII);

    private static final int ID_LENGTH = 36;

    private final byte[] wanted;
    /** How far to move on from a byte that is in the place of the last wanted byte. */
    private final int[] step = new int[256];

    private final byte[] id = "-".repeat(ID_LENGTH).getBytes(StandardCharsets.US_ASCII);
    private final boolean canBeInId;

    SubstringMatcher(String text) {
        this.wanted = bytes(text);
        int last = wanted.length - 1;
        Arrays.fill(step, Math.max(1, wanted.length));
        for (int i = 0; i < last; i++) {
            step[wanted[i] & 0xff] = last - i;
        }
        this.canBeInId = wanted.length <= ID_LENGTH
                && text.toLowerCase(Locale.ROOT).chars().allMatch(c -> c == '-' || "0123456789abcdef".indexOf(c) >= 0);
    }

    /** A text in the form that is searched: lower case, in UTF-8. */
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
        write(0, high >>> 32, 4);
        write(9, high >>> 16, 2);
        write(14, high, 2);
        write(19, low >>> 48, 2);
        write(24, low >>> 16, 4);
        write(32, low, 2);
        return isIn(id, 0, ID_LENGTH);
    }

    /** Writes the lowest bytes of a number, two digits each. */
    private void write(int at, long number, int bytes) {
        for (int i = bytes - 1; i >= 0; i--) {
            int two = ((int) number >>> (8 * (bytes - 1 - i)) & 0xff) * 2;
            id[at + 2 * i] = DIGITS[two];
            id[at + 2 * i + 1] = DIGITS[two + 1];
        }
    }
}
