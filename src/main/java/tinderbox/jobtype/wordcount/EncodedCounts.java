package tinderbox.jobtype.wordcount;

import java.io.IOException;
import java.util.Arrays;

/**
 * Encodes words and their counts into an array of bytes, to send them from one table to another: for each word its
 * length, its bytes and its count. Numbers are varints: groups of 7 bits, the lowest first. The last word is followed by
 * {@link WordTable#PADDING} zeros.
 */
final class EncodedCounts {
    /** The longest varint, in bytes. */
    private static final int MAX_VARINT = 10;

    private byte[] bytes = new byte[1 << 10];
    private int size;

    /** Adds a word of a table. */
    void add(WordTable table, int entry) {
        int length = table.lengthAt(entry);
        ensureCapacity((long) length + 2 * MAX_VARINT + WordTable.PADDING);
        putVarint(length);
        table.copy(entry, bytes, size);
        size += length;
        putVarint(table.countAt(entry));
    }

    void add(byte[] word, int from, int length, long count) {
        ensureCapacity((long) length + 2 * MAX_VARINT);
        putVarint(length);
        System.arraycopy(word, from, bytes, size, length);
        size += length;
        putVarint(count);
    }

    private void ensureCapacity(long more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(size + more, Math.min(2L * size, 1L << 30))));
        }
    }

    private void putVarint(long number) {
        long rest = number;
        while (rest >>> 7 != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Returns the encoding; nothing may be added afterwards. */
    byte[] toBytes() {
        ensureCapacity(WordTable.PADDING);
        Arrays.fill(bytes, size, size + WordTable.PADDING, (byte) 0);
        return Arrays.copyOf(bytes, size + WordTable.PADDING);
    }

    /** Encodes these entries of a table, in this order. */
    static byte[] of(WordTable table, int[] entries) {
        EncodedCounts encodedCounts = new EncodedCounts();
        for (int entry : entries) {
            encodedCounts.add(table, entry);
        }
        return encodedCounts.toBytes();
    }

    /** Adds all words of an encoding to a table. */
    static void addAll(byte[] counts, WordTable table) throws IOException {
        Reader reader = new Reader(counts, 0, counts.length - WordTable.PADDING);
        while (reader.next()) {
            table.add(counts, reader.from(), reader.length(), reader.count());
        }
    }

    /** Decodes words one after another. */
    static class Reader {
        private byte[] bytes;
        private int position;
        private int end;
        private int from;
        private int length;
        private long count;

        /** Reads from this range of an array. */
        Reader(byte[] bytes, int from, int end) {
            setBuffer(bytes, from, end);
        }

        /** Continues with this range of an array. */
        final void setBuffer(byte[] newBytes, int newFrom, int newEnd) {
            bytes = newBytes;
            position = newFrom;
            end = newEnd;
        }

        /**
         * Called before {@code count} bytes are read, or fewer at the end. An override may call {@link #setBuffer} with
         * an array in which the unread bytes are followed by more.
         *
         * @param unread the index of the first unread byte in {@code current}
         */
        void ensureAvailable(int count, byte[] current, int unread, int currentEnd) throws IOException {}

        /** Moves to the next word; false after the last. */
        final boolean next() throws IOException {
            ensureAvailable(MAX_VARINT, bytes, position, end);
            if (position == end) {
                return false;
            }
            length = (int) varint();
            ensureAvailable(length + MAX_VARINT, bytes, position, end);
            from = position;
            position += length;
            count = varint();
            return true;
        }

        private long varint() {
            long number = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = bytes[position++];
                number |= (b & 0x7FL) << shift;
                if (b >= 0) {
                    return number;
                }
            }
        }

        final byte[] bytes() {
            return bytes;
        }

        final int from() {
            return from;
        }

        final int length() {
            return length;
        }

        final long count() {
            return count;
        }
    }
}
