package tinderbox.jobtype.wordcount;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Splits bytes at ASCII white space and counts the words in a {@link WordTable}. It can convert ASCII letters to lower
 * case. Other letters are left to {@link TokenNormalizer}, which handles each distinct word once.
 *
 * <p>Processes 8 bytes at a time in one long (SIMD within a register; see Warren, Hacker's Delight, chapter 6).
 */
final class Tokenizer {
    /** How many bytes after the limit an array must have for {@link #count}. */
    static final int PADDING = 2 * WordTable.PADDING;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH = each(0x80);
    private static final long LOW = each(0x7F);
    private static final long SPACE = each(' ');
    /** Adding one of these to a byte below 0x80 sets its high bit if the byte is at least the named character. */
    private static final long FROM_TAB = each(0x80 - '\t');

    private static final long FROM_AFTER_CR = each(0x80 - '\r' - 1);
    private static final long FROM_A = each(0x80 - 'A');
    private static final long FROM_AFTER_Z = each(0x80 - 'Z' - 1);

    private final WordTable table;
    private final boolean foldCase;

    /**
     * @param foldCase whether to convert A to Z to lower case
     */
    Tokenizer(WordTable table, boolean foldCase) {
        this.table = table;
        this.foldCase = foldCase;
    }

    /** A long of eight equal bytes. */
    private static long each(int b) {
        return b * 0x0101010101010101L;
    }

    /** Whether a byte is one of the six white-space characters. */
    static boolean isSpace(byte b) {
        return b == ' ' || (b >= '\t' && b <= '\r');
    }

    /**
     * Counts the words in {@code bytes} from {@code from} to {@code limit}, except one that reaches the limit, because it
     * may continue. Overwrites the byte at the limit, and may convert words to lower case in place.
     *
     * @param bytes has {@link #PADDING} more bytes after the limit
     * @return the start of the word that reaches the limit; if there is none, the limit
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

    /** The end of a word of at least 16 bytes. */
    private static int endOfLongWord(byte[] bytes, int from) {
        int at = from + 16;
        while (!isSpace(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Sets the high bit of each byte that is white space; all other bits are 0. */
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
        // 0x80 becomes 0x20, the difference between upper and lower case.
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
