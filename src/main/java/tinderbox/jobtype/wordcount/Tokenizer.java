package tinderbox.jobtype.wordcount;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Splits bytes at ASCII white space and counts the words in a {@link WordTable}, with ASCII letters lower-cased where
 * that is asked for. Other letters are left as they are: {@link TokenNormalizer} sees to them, once for each distinct word.
 *
 * <p>Looks at 8 bytes at a time in one long (SIMD within a register; see Warren, Hacker's Delight, chapter 6).
 */
final class Tokenizer {
    /** How many bytes beyond the limit must be there in an array that is given to {@link #count}. */
    static final int PADDING = 2 * WordTable.PADDING;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH = each(0x80);
    private static final long LOW = each(0x7F);
    private static final long SPACE = each(' ');
    /** Added to a byte below 0x80, these set its high bit from the named character on. */
    private static final long FROM_TAB = each(0x80 - '\t');

    private static final long FROM_AFTER_CR = each(0x80 - '\r' - 1);
    private static final long FROM_A = each(0x80 - 'A');
    private static final long FROM_AFTER_Z = each(0x80 - 'Z' - 1);

    private final WordTable table;
    private final boolean foldCase;

    /**
     * Counts into this table.
     *
     * @param foldCase whether A to Z count as a to z
     */
    Tokenizer(WordTable table, boolean foldCase) {
        this.table = table;
        this.foldCase = foldCase;
    }

    /** Eight times the same byte. */
    private static long each(int b) {
        return b * 0x0101010101010101L;
    }

    /** Whether a byte is one of the six white-space characters. */
    static boolean isSpace(byte b) {
        return b == ' ' || (b >= '\t' && b <= '\r');
    }

    /**
     * Counts the words in {@code bytes}, from {@code from} to {@code limit}, but not one that reaches the limit. What
     * is beyond the limit is overwritten, and words are lower-cased where they are.
     *
     * @param bytes has {@link #PADDING} more bytes after the limit
     * @return where the word begins that reaches the limit and may go on after it, or the limit where there is none
     */
    int count(byte[] bytes, int from, int limit) {
        bytes[limit] = ' ';
        int at = from;
        while (at < limit) {
            if (isSpace(bytes[at])) {
                at++;
                continue;
            }
            long first = (long) LONG.get(bytes, at);
            long spaces = spaces(first);
            if (spaces != 0) {
                int length = Long.numberOfTrailingZeros(spaces) >>> 3;
                if (at + length == limit) {
                    return at;
                }
                table.addShort(fold(first) & WordTable.lowBytes(length), length);
                at += length + 1;
                continue;
            }
            long second = (long) LONG.get(bytes, at + 8);
            spaces = spaces(second);
            if (spaces != 0) {
                int rest = Long.numberOfTrailingZeros(spaces) >>> 3;
                if (at + 8 + rest == limit) {
                    return at;
                }
                table.addMedium(fold(first), fold(second) & WordTable.lowBytes(rest), 8 + rest);
                at += 8 + rest + 1;
                continue;
            }
            int end = endOfLongWord(bytes, at);
            if (end == limit) {
                return at;
            }
            foldAll(bytes, at, end);
            table.add(bytes, at, end - at, 1);
            at = end + 1;
        }
        return limit;
    }

    /** The end of a word that is known to have 16 bytes at least. */
    private static int endOfLongWord(byte[] bytes, int from) {
        int at = from + 16;
        while (!isSpace(bytes[at])) {
            at++;
        }
        return at;
    }

    /** The high bit of each byte that is white space. */
    private static long spaces(long bytes) {
        long low = bytes & LOW;
        long controls = (low + FROM_TAB) & ~(low + FROM_AFTER_CR);
        long blanks = ~((low ^ SPACE) + LOW);
        return (controls | blanks) & ~bytes & HIGH;
    }

    private long fold(long bytes) {
        if (!foldCase) {
            return bytes;
        }
        long low = bytes & LOW;
        long upper = (low + FROM_A) & ~(low + FROM_AFTER_Z) & ~bytes & HIGH;
        // 0x80 becomes 0x20, by which a letter differs from its capital.
        return bytes | upper >>> 2;
    }

    private void foldAll(byte[] bytes, int from, int to) {
        if (!foldCase) {
            return;
        }
        for (int at = from; at < to; at++) {
            byte b = bytes[at];
            if (b >= 'A' && b <= 'Z') {
                bytes[at] = (byte) (b | 0x20);
            }
        }
    }
}
