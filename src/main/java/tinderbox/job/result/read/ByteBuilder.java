package tinderbox.job.result.read;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes to which more can be appended. */
final class ByteBuilder {
    private byte[] bytes = new byte[256];
    private int length;

    void append(int b) {
        ensureRoom(1);
        bytes[length++] = (byte) b;
    }

    void append(byte[] source, int from, int to) {
        ensureRoom(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
    }

    void append(byte[] source) {
        append(source, 0, source.length);
    }

    void appendLong(long number) {
        ensureRoom(Long.BYTES);
        ByteBuffer.wrap(bytes, length, Long.BYTES).putLong(number);
        length += Long.BYTES;
    }

    private void ensureRoom(int more) {
        if (more > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), (int) Math.min(2L * length, 1 << 30)));
        }
    }

    /** Inserts a byte after every zero from here to the end. */
    void insertAfterZeros(int from, int b) {
        int zeros = 0;
        for (int i = from; i < length; i++) {
            zeros += bytes[i] == 0 ? 1 : 0;
        }
        ensureRoom(zeros);
        int target = length + zeros;
        for (int i = length - 1; target > i + 1; i--) {
            if (bytes[i] == 0) {
                bytes[--target] = (byte) b;
            }
            bytes[--target] = bytes[i];
        }
        length += zeros;
    }

    /** Inverts every bit from here to the end. */
    void invert(int from) {
        for (int i = from; i < length; i++) {
            bytes[i] = (byte) ~bytes[i];
        }
    }

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** A view of the bytes, until they change. */
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    /** Compares the bytes, unsigned, with others. */
    int compareTo(byte[] others) {
        return Arrays.compareUnsigned(bytes, 0, length, others, 0, others.length);
    }
}
