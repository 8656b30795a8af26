package tinderbox.jobtype.wordcount;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.LongPredicate;

/**
 * Counts by word, a word being a string of bytes. An open-addressing table: a word of up to 15 bytes is in its slot,
 * together with its count, so that counting it again touches one or two cache lines; the bytes of a longer one are in
 * an arena. Not for several threads.
 *
 * <p>A slot is three longs: the first 8 bytes of the word, little-endian and padded with zeros; the next 7 with the
 * length in the top byte; the count. For a long word these are its hash; its place in the arena with {@link #IN_ARENA}
 * in the top byte; the count.
 */
final class WordTable {
    /** How many bytes beyond a word must be readable in the array that it is in. */
    static final int PADDING = 16;

    /** The longest word that is kept in its slot. */
    static final int MAX_PACKED = 15;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int STRIDE = 3;
    private static final int LENGTH_SHIFT = 56;
    private static final long IN_ARENA = 0xFFL << LENGTH_SHIFT;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final int FIRST_CAPACITY = 1 << 12;
    private static final int FIRST_ARENA = 1 << 12;
    private static final int LENGTH_BYTES = 4;
    private static final int MAX_ARENA = Integer.MAX_VALUE - 8;
    private static final long MIX_1 = 0x9E3779B97F4A7C15L;
    private static final long MIX_2 = 0xFF51AFD7ED558CCDL;

    /** Null where it may grow as it must. */
    private LongPredicate mayGrow;

    private long[] slots = new long[FIRST_CAPACITY * STRIDE];
    private int mask = FIRST_CAPACITY - 1;
    private int size;
    private byte[] arena = new byte[FIRST_ARENA];
    private int arenaSize;

    /** There is no memory for more words than the table has; none that was added is lost. */
    static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private FullException() {
            super("too many words for one table", null, false, false);
        }
    }

    /**
     * Has the table ask before it grows, from now on.
     *
     * @param asked whether there is room for another array of so many bytes beside the one that there is, which then
     *     goes; where there is not, adding a word is a {@link FullException}
     */
    void askToGrow(LongPredicate asked) {
        mayGrow = asked;
    }

    /** How many words have been added, those taken out included. */
    int size() {
        return size;
    }

    /** What it holds of the heap, in bytes; for a moment it needs three times as much to grow, since it doubles. */
    long memory() {
        return 8L * slots.length + arena.length;
    }

    /**
     * Counts a word.
     *
     * @param bytes has {@link #PADDING} more bytes after the word
     */
    void add(byte[] bytes, int from, int length, long count) {
        if (length > MAX_PACKED) {
            addLong(bytes, from, length, count);
            return;
        }
        long first = (long) LONG.get(bytes, from);
        if (length < 8) {
            addPacked(first & lowBytes(length), (long) length << LENGTH_SHIFT, count);
        } else {
            long rest = (long) LONG.get(bytes, from + 8) & lowBytes(length - 8);
            addPacked(first, rest | (long) length << LENGTH_SHIFT, count);
        }
    }

    /** A mask of the lowest so many bytes, fewer than 8. */
    static long lowBytes(int count) {
        return (1L << (count << 3)) - 1;
    }

    /** Counts a word of fewer than 8 bytes, which are the lowest ones. */
    void addShort(long word, int length) {
        addPacked(word, (long) length << LENGTH_SHIFT, 1);
    }

    /** Counts a word of 8 to 15 bytes: the first 8, and the others as the lowest ones. */
    void addMedium(long first, long rest, int length) {
        addPacked(first, rest | (long) length << LENGTH_SHIFT, 1);
    }

    private void addPacked(long first, long second, long count) {
        long[] at = slots;
        int slot = (int) hash(first, second) & mask;
        while (true) {
            int place = slot * STRIDE;
            long there = at[place + 1];
            if (there == second && at[place] == first) {
                at[place + 2] += count;
                return;
            }
            if (there == 0) {
                put(place, first, second, count);
                return;
            }
            slot = (slot + 1) & mask;
        }
    }

    private void addLong(byte[] bytes, int from, int length, long count) {
        long hash = hash(bytes, from, length);
        int slot = (int) hash & mask;
        while (true) {
            int place = slot * STRIDE;
            long there = slots[place + 1];
            if (there == 0) {
                long offset = keep(bytes, from, length);
                put(place, hash, IN_ARENA | offset, count);
                return;
            }
            if (slots[place] == hash && isLong(there) && equals(arenaOffset(there), bytes, from, length)) {
                slots[place + 2] += count;
                return;
            }
            slot = (slot + 1) & mask;
        }
    }

    private boolean equals(int offset, byte[] bytes, int from, int length) {
        int start = offset + LENGTH_BYTES;
        return arenaLength(offset) == length && Arrays.equals(arena, start, start + length, bytes, from, from + length);
    }

    private void put(int place, long first, long second, long count) {
        slots[place] = first;
        slots[place + 1] = second;
        slots[place + 2] = count;
        size++;
        if (size * 8L >= (mask + 1) * 5L) {
            grow();
        }
    }

    private void grow() {
        if (mayGrow != null && !mayGrow.test(16L * slots.length)) {
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

    private int keep(byte[] bytes, int from, int length) {
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

    /** Takes all words out, and keeps the room for as many. */
    void clear() {
        if (size > 0) {
            Arrays.fill(slots, 0);
        }
        size = 0;
        arenaSize = 0;
        mayGrow = null;
    }

    /** Takes a word out, and answers its count. Places stay as they are. */
    long takeOut(int place) {
        long count = slots[place + 2];
        slots[place + 2] = 0;
        return count;
    }

    private static long hash(long first, long second) {
        // After Vigna's splitmix64 and the finalizer of MurmurHash3: every bit of the word reaches the low ones.
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

    private static long hashAt(long[] slots, int place) {
        return isLong(slots[place + 1]) ? slots[place] : hash(slots[place], slots[place + 1]);
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

    // What follows reads the table: a place is what places() answers, and holds until the next word is added.

    /** The places of all words, in no order. */
    int[] places() {
        int[] places = new int[size];
        int n = 0;
        for (int place = 0; place < slots.length; place += STRIDE) {
            if (slots[place + 2] != 0) {
                places[n++] = place;
            }
        }
        return n == size ? places : Arrays.copyOf(places, n);
    }

    long countAt(int place) {
        return slots[place + 2];
    }

    /** Whether a word has no byte of 0x80 or above. */
    boolean isAsciiAt(int place) {
        long second = slots[place + 1];
        if (!isLong(second)) {
            return ((slots[place] | second) & HIGH_BITS) == 0;
        }
        int start = arenaOffset(second) + LENGTH_BYTES;
        for (int i = start, end = start + lengthAt(place); i < end; i++) {
            if (arena[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** The same for the same word in every table on every machine. */
    int hashAt(int place) {
        return (int) (hashAt(slots, place) >>> 32);
    }

    int lengthAt(int place) {
        long second = slots[place + 1];
        return isLong(second) ? arenaLength(arenaOffset(second)) : (int) (second >>> LENGTH_SHIFT);
    }

    /**
     * Copies a word.
     *
     * @param into has room for the word and {@link #PADDING} more bytes, which may be overwritten
     * @return its length
     */
    int copy(int place, byte[] into, int at) {
        long second = slots[place + 1];
        if (isLong(second)) {
            int offset = arenaOffset(second);
            int length = arenaLength(offset);
            System.arraycopy(arena, offset + LENGTH_BYTES, into, at, length);
            return length;
        }
        LONG.set(into, at, slots[place]);
        LONG.set(into, at + 8, second);
        return (int) (second >>> LENGTH_SHIFT);
    }

    /** The first 8 bytes of a word, the first one highest; zeros where it is shorter. */
    long prefixAt(int place) {
        long second = slots[place + 1];
        return Long.reverseBytes(
                isLong(second) ? (long) LONG.get(arena, arenaOffset(second) + LENGTH_BYTES) : slots[place]);
    }

    /** Compares two words by their bytes, as unsigned numbers. */
    int compareWords(int place, int other) {
        long second = slots[place + 1];
        long otherSecond = slots[other + 1];
        if (!isLong(second) && !isLong(otherSecond)) {
            int first = Long.compareUnsigned(Long.reverseBytes(slots[place]), Long.reverseBytes(slots[other]));
            // The length comes last: of two words that differ in zeros at the end, the shorter is the lesser.
            return first != 0 ? first : Long.compareUnsigned(Long.reverseBytes(second), Long.reverseBytes(otherSecond));
        }
        byte[] word = new byte[lengthAt(place) + PADDING];
        byte[] otherWord = new byte[lengthAt(other) + PADDING];
        return Arrays.compareUnsigned(word, 0, copy(place, word, 0), otherWord, 0, copy(other, otherWord, 0));
    }
}
