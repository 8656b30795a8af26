package tinderbox.jobtype.wordcount;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * A hash table from words, as bytes, to counts. It uses open addressing. A word of up to 15 bytes is stored in its slot
 * together with its count, so counting it again touches one or two cache lines. Longer words are in an arena. Not
 * thread-safe.
 *
 * <p>A slot is three longs: the first 8 bytes of the word, little-endian and padded with zeros; the next 7 bytes with the
 * length in the top byte; the count. For a long word: its hash; its offset in the arena with {@link #IN_ARENA} in the top
 * byte; the count.
 */
final class WordTable {
    /** How many readable bytes an array must have after a word. */
    static final int PADDING = 16;

    /** The longest word that is stored in its slot, in bytes. */
    static final int MAX_INLINE = 15;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int STRIDE = 3;
    private static final int LENGTH_SHIFT = 56;
    private static final long IN_ARENA = 0xFFL << LENGTH_SHIFT;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final int INITIAL_CAPACITY = 1 << 12;
    private static final int INITIAL_ARENA = 1 << 12;
    private static final int LENGTH_BYTES = 4;
    private static final int MAX_ARENA = Integer.MAX_VALUE - 8;
    private static final long MIX_1 = 0x9E3779B97F4A7C15L;
    private static final long MIX_2 = 0xFF51AFD7ED558CCDL;

    /** Null if the table may grow without limit. */
    private LongPredicate growthLimit;

    private long[] slots = new long[INITIAL_CAPACITY * STRIDE];
    private int mask = INITIAL_CAPACITY - 1;
    private int size;
    private byte[] arena = new byte[INITIAL_ARENA];
    private int arenaSize;

    /** The table may not grow for another word. The words that it has are intact. */
    static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private FullException() {
            super("too many words for one table", null, false, false);
        }
    }

    /**
     * Sets a condition for growing. If it returns false, adding a word throws a {@link FullException}.
     *
     * @param mayAllocate whether a new array of this many bytes may be allocated; the old one is released afterwards
     */
    void limitGrowth(LongPredicate mayAllocate) {
        growthLimit = mayAllocate;
    }

    /** How many words have been added, including those that were removed. */
    int size() {
        return size;
    }

    /** The memory that the table takes, in bytes. While it grows, which doubles it, it briefly takes three times as much. */
    long memoryBytes() {
        return 8L * slots.length + arena.length;
    }

    /**
     * Counts a word.
     *
     * @param bytes has {@link #PADDING} more bytes after the word
     */
    void add(byte[] bytes, int from, int length, long count) {
        if (length > MAX_INLINE) {
            addLong(bytes, from, length, count);
            return;
        }
        long first = (long) LONG.get(bytes, from);
        if (length < 8) {
            addInline(first & lowBytes(length), (long) length << LENGTH_SHIFT, count);
        } else {
            long rest = (long) LONG.get(bytes, from + 8) & lowBytes(length - 8);
            addInline(first, rest | (long) length << LENGTH_SHIFT, count);
        }
    }

    /** A mask of the lowest {@code count} bytes; less than 8. */
    static long lowBytes(int count) {
        return (1L << (count << 3)) - 1;
    }

    /** Counts a word of less than 8 bytes, which are the lowest bytes of {@code word}. */
    void addShort(long word, int length) {
        addInline(word, (long) length << LENGTH_SHIFT, 1);
    }

    /** Counts a word of 8 to 15 bytes: the first 8 in {@code first}, the others as the lowest bytes of {@code rest}. */
    void addMedium(long first, long rest, int length) {
        addInline(first, rest | (long) length << LENGTH_SHIFT, 1);
    }

    private void addInline(long first, long second, long count) {
        long[] at = slots;
        int slot = (int) hash(first, second) & mask;
        while (true) {
            int entry = slot * STRIDE;
            long there = at[entry + 1];
            if (there == second && at[entry] == first) {
                at[entry + 2] += count;
                return;
            }
            if (there == 0) {
                put(entry, first, second, count);
                return;
            }
            slot = (slot + 1) & mask;
        }
    }

    private void addLong(byte[] bytes, int from, int length, long count) {
        long hash = hash(bytes, from, length);
        int slot = (int) hash & mask;
        while (true) {
            int entry = slot * STRIDE;
            long there = slots[entry + 1];
            if (there == 0) {
                long offset = copyToArena(bytes, from, length);
                put(entry, hash, IN_ARENA | offset, count);
                return;
            }
            if (slots[entry] == hash && isLong(there) && equals(arenaOffset(there), bytes, from, length)) {
                slots[entry + 2] += count;
                return;
            }
            slot = (slot + 1) & mask;
        }
    }

    private boolean equals(int offset, byte[] bytes, int from, int length) {
        int start = offset + LENGTH_BYTES;
        return arenaLength(offset) == length && Arrays.equals(arena, start, start + length, bytes, from, from + length);
    }

    private void put(int entry, long first, long second, long count) {
        slots[entry] = first;
        slots[entry + 1] = second;
        slots[entry + 2] = count;
        size++;
        if (size * 8L >= (mask + 1) * 5L) {
            grow();
        }
    }

    private void grow() {
        if (growthLimit != null && !growthLimit.test(16L * slots.length)) {
            throw new FullException();
        }
        long[] old = slots;
        int capacity = (mask + 1) * 2;
        slots = new long[Math.multiplyExact(capacity, STRIDE)];
        mask = capacity - 1;
        for (int from = 0; from < old.length; from += STRIDE) {
            if (old[from + 1] != 0) {
                int slot = (int) hashAt(old, from) & mask;
                while (slots[slot * STRIDE + 1] != 0) {
                    slot = (slot + 1) & mask;
                }
                System.arraycopy(old, from, slots, slot * STRIDE, STRIDE);
            }
        }
    }

    private int copyToArena(byte[] bytes, int from, int length) {
        int offset = arenaSize;
        long needed = (long) offset + LENGTH_BYTES + length;
        if (needed > arena.length) {
            if (needed > MAX_ARENA) {
                throw new OutOfMemoryError("the words of one table take more than 2 GiB");
            }
            arena = Arrays.copyOf(arena, (int) Math.min(MAX_ARENA, Math.max(2L * arena.length, needed)));
        }
        arena[offset] = (byte) (length >>> 24);
        arena[offset + 1] = (byte) (length >>> 16);
        arena[offset + 2] = (byte) (length >>> 8);
        arena[offset + 3] = (byte) length;
        System.arraycopy(bytes, from, arena, offset + LENGTH_BYTES, length);
        arenaSize = (int) needed;
        return offset;
    }

    /** Removes all words and the limit on growth; keeps the capacity. */
    void clear() {
        if (size > 0) {
            Arrays.fill(slots, 0);
        }
        size = 0;
        arenaSize = 0;
        growthLimit = null;
    }

    /** Removes a word and returns its count. Other entries stay valid. */
    long remove(int entry) {
        long count = slots[entry + 2];
        slots[entry + 2] = 0;
        return count;
    }

    private static long hash(long first, long second) {
        // After Vigna's splitmix64 and the finalizer of MurmurHash3: every bit of the word affects the low bits.
        long mixed = (first ^ second * MIX_1) * MIX_2;
        return mixed ^ mixed >>> 32;
    }

    private static long hash(byte[] bytes, int from, int length) {
        long hash = length;
        int at = from;
        for (int end = from + length - 7; at < end; at += 8) {
            hash = hash((long) LONG.get(bytes, at), hash);
        }
        long rest = 0;
        for (int i = 0; at < from + length; at++, i += 8) {
            rest |= (bytes[at] & 0xFFL) << i;
        }
        return hash(rest, hash);
    }

    private static long hashAt(long[] slots, int entry) {
        return isLong(slots[entry + 1]) ? slots[entry] : hash(slots[entry], slots[entry + 1]);
    }

    private static boolean isLong(long second) {
        return (second & IN_ARENA) == IN_ARENA;
    }

    private static int arenaOffset(long second) {
        return (int) second;
    }

    private int arenaLength(int offset) {
        return (arena[offset] & 0xFF) << 24
                | (arena[offset + 1] & 0xFF) << 16
                | (arena[offset + 2] & 0xFF) << 8
                | (arena[offset + 3] & 0xFF);
    }

    /** All words, in no order: for each an index to pass to the methods below. Valid until the next word is added. */
    int[] entries() {
        int[] entries = new int[size];
        int n = 0;
        for (int entry = 0; entry < slots.length; entry += STRIDE) {
            if (slots[entry + 2] != 0) {
                entries[n++] = entry;
            }
        }
        return n == size ? entries : Arrays.copyOf(entries, n);
    }

    long countAt(int entry) {
        return slots[entry + 2];
    }

    /** Whether all bytes of a word are below 0x80. */
    boolean isAsciiAt(int entry) {
        long second = slots[entry + 1];
        if (!isLong(second)) {
            return ((slots[entry] | second) & HIGH_BITS) == 0;
        }
        int start = arenaOffset(second) + LENGTH_BYTES;
        for (int i = start, end = start + lengthAt(entry); i < end; i++) {
            if (arena[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** A hash that is the same for a word in all tables on all machines. */
    int hashAt(int entry) {
        return (int) (hashAt(slots, entry) >>> 32);
    }

    int lengthAt(int entry) {
        long second = slots[entry + 1];
        return isLong(second) ? arenaLength(arenaOffset(second)) : (int) (second >>> LENGTH_SHIFT);
    }

    /**
     * Copies a word.
     *
     * @param into has room for the word and {@link #PADDING} more bytes, which may be overwritten
     * @return the length of the word
     */
    int copy(int entry, byte[] into, int at) {
        long second = slots[entry + 1];
        if (isLong(second)) {
            int offset = arenaOffset(second);
            int length = arenaLength(offset);
            System.arraycopy(arena, offset + LENGTH_BYTES, into, at, length);
            return length;
        }
        LONG.set(into, at, slots[entry]);
        LONG.set(into, at + 8, second);
        return (int) (second >>> LENGTH_SHIFT);
    }

    /** The first 8 bytes of a word, big-endian; padded with zeros if it is shorter. */
    long prefixAt(int entry) {
        long second = slots[entry + 1];
        return Long.reverseBytes(
                isLong(second) ? (long) LONG.get(arena, arenaOffset(second) + LENGTH_BYTES) : slots[entry]);
    }

    /** Compares two words by their unsigned bytes. */
    int compareWords(int entry, int other) {
        long second = slots[entry + 1];
        long otherSecond = slots[other + 1];
        if (!isLong(second) && !isLong(otherSecond)) {
            int first = Long.compareUnsigned(Long.reverseBytes(slots[entry]), Long.reverseBytes(slots[other]));
            // The length is the last byte: if two words differ only in zeros at the end, the shorter comes first.
            return first != 0 ? first : Long.compareUnsigned(Long.reverseBytes(second), Long.reverseBytes(otherSecond));
        }
        byte[] word = new byte[lengthAt(entry) + PADDING];
        byte[] otherWord = new byte[lengthAt(other) + PADDING];
        return Arrays.compareUnsigned(word, 0, copy(entry, word, 0), otherWord, 0, copy(other, otherWord, 0));
    }
}
