package tinderbox.jobtype.wordcount;

import java.io.IOException;
import java.util.Arrays;

/**
 * Words with their counts as one array of bytes, on their way from one table to another: for each word its length, its
 * bytes and its count, both numbers in groups of 7 bits, the lowest first. After the last word come {@link
 * WordTable#PADDING} zeros.
 */
final class EncodedCounts {
    /** How many bytes a number takes at most. */
    private static final int MAX_NUMBER = 10;

    private byte[] bytes = new byte[1 << 10];
    private int size;

    /** Adds a word of a table. */
    void add(WordTable table, int place) {
        int length = table.lengthAt(place);
        require((long) length + 2 * MAX_NUMBER + WordTable.PADDING);
        putNumber(length);
        table.copy(place, bytes, size);
        size += length;
        putNumber(table.countAt(place));
    }

    /** Adds a word. */
    void add(byte[] word, int from, int length, long count) {
        require((long) length + 2 * MAX_NUMBER);
        putNumber(length);
        System.arraycopy(word, from, bytes, size, length);
        size += length;
        putNumber(count);
    }

    private void require(long more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(size + more, Math.min(2L * size, 1L << 30))));
        }
    }

    private void putNumber(long number) {
        long rest = number;
        while (rest >>> 7 != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** All words that were added; nothing may be added afterwards. */
    byte[] toBytes() {
        require(WordTable.PADDING);
        Arrays.fill(bytes, size, size + WordTable.PADDING, (byte) 0);
        return Arrays.copyOf(bytes, size + WordTable.PADDING);
    }

    /** All words of a table, in the order of {@code places}. */
    static byte[] of(WordTable table, int[] places) {
        EncodedCounts encodedCounts = new EncodedCounts();
        for (int place : places) {
            encodedCounts.add(table, place);
        }
        return encodedCounts.toBytes();
    }

    /** Adds all words of such an array to a table. */
    static void addAll(byte[] counts, WordTable table) throws IOException {
        Reader reader = new Reader(counts, 0, counts.length - WordTable.PADDING);
        while (reader.next()) {
            table.add(counts, reader.from(), reader.length(), reader.count());
        }
    }

    /** Reads words one after another. */
    static class Reader {
        private byte[] bytes;
        private int at;
        private int end;
        private int from;
        private int length;
        private long count;

        /** Reads the words in this part of an array. */
        Reader(byte[] bytes, int from, int end) {
            show(bytes, from, end);
        }

        /** Goes on with this part of an array. */
        final void show(byte[] newBytes, int newFrom, int newEnd) {
            bytes = newBytes;
            at = newFrom;
            end = newEnd;
        }

        /**
         * Called before so many bytes are read, or as many as there are still; may {@link #show} an array where the
         * bytes that were not read yet are followed by more.
         */
        void require(int count, byte[] shown, int unread, int shownEnd) throws IOException {}

        /** Goes to the next word; false after the last. */
        final boolean next() throws IOException {
            require(MAX_NUMBER, bytes, at, end);
            if (at == end) {
                return false;
            }
            length = (int) number();
            require(length + MAX_NUMBER, bytes, at, end);
            from = at;
            at += length;
            count = number();
            return true;
        }

        private long number() {
            long number = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = bytes[at++];
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
