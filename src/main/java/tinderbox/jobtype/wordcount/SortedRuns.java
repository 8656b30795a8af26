package tinderbox.jobtype.wordcount;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An external merge sort: writes partitions, each sorted in the order of the result, to a file, and merges them. */
final class SortedRuns implements AutoCloseable {
    /** Divided among all runs while they are merged, within the two bounds below. */
    private static final int TOTAL_BUFFER_BYTES = 32 << 20;

    private static final int MIN_BUFFER_BYTES = 1 << 8;
    private static final int MAX_BUFFER_BYTES = 1 << 18;

    private final Path path;
    /** Not a channel, because an interrupt would close it. */
    private final RandomAccessFile file;

    private final List<Long> ends = new ArrayList<>();
    private long size;

    /** Receives words with their counts, in the order of the result. The array is reused. */
    interface WordConsumer {
        void accept(byte[] bytes, int from, int length, long count) throws IOException;
    }

    SortedRuns(Path path) throws IOException {
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), "rw");
    }

    /** Adds the words of one partition. */
    void add(byte[] counts) throws IOException {
        int length = counts.length - WordTable.PADDING;
        if (length == 0) {
            return;
        }
        file.write(counts, 0, length);
        size += length;
        ends.add(size);
    }

    /** Reads all words in the order of the result; each is in one run only. */
    void merge(WordConsumer consumer) throws IOException {
        int buffer =
                Math.max(MIN_BUFFER_BYTES, Math.min(MAX_BUFFER_BYTES, TOTAL_BUFFER_BYTES / Math.max(1, ends.size())));
        RunHeap runHeap = new RunHeap(ends.size());
        long from = 0;
        for (long end : ends) {
            Run run = new Run(from, end, buffer);
            from = end;
            if (run.advance()) {
                runHeap.add(run);
            }
        }
        for (Run first = runHeap.first(); first != null; first = runHeap.first()) {
            consumer.accept(first.bytes(), first.from(), first.length(), first.count());
            runHeap.replaceFirst(first.advance());
        }
    }

    /** The next word of one run, and a buffer of the words after it. */
    private final class Run extends EncodedCounts.Reader {
        private final long end;
        private long filePosition;
        private byte[] buffer;
        /** The first 8 bytes of the word, which decide most comparisons. */
        private long prefix;

        private Run(long from, long end, int bufferSize) {
            this(from, end, new byte[bufferSize]);
        }

        private Run(long from, long end, byte[] buffer) {
            super(buffer, 0, 0);
            this.filePosition = from;
            this.end = end;
            this.buffer = buffer;
        }

        @Override
        void ensureAvailable(int count, byte[] current, int unread, int currentEnd) throws IOException {
            int left = currentEnd - unread;
            if (left >= count || filePosition == end) {
                return;
            }
            byte[] old = buffer;
            if (count > buffer.length) {
                buffer = new byte[count];
            }
            System.arraycopy(old, unread, buffer, 0, left);
            int more = (int) Math.min(buffer.length - left, end - filePosition);
            file.seek(filePosition);
            file.readFully(buffer, left, more);
            filePosition += more;
            setBuffer(buffer, 0, left + more);
        }

        private boolean advance() throws IOException {
            if (!next()) {
                return false;
            }
            long bytes = 0;
            for (int i = 0; i < Long.BYTES; i++) {
                bytes = bytes << 8 | (i < length() ? bytes()[from() + i] & 0xFF : 0);
            }
            prefix = bytes;
            return true;
        }

        private boolean isBefore(Run other) {
            if (count() != other.count()) {
                return count() > other.count();
            }
            if (prefix != other.prefix) {
                return Long.compareUnsigned(prefix, other.prefix) < 0;
            }
            return Arrays.compareUnsigned(
                            bytes(),
                            from(),
                            from() + length(),
                            other.bytes(),
                            other.from(),
                            other.from() + other.length())
                    < 0;
        }
    }

    /** A binary heap that can move its first run down directly; the JDK's queue must remove and add it. */
    private static final class RunHeap {
        private final Run[] runs;
        private int size;

        private RunHeap(int capacity) {
            this.runs = new Run[capacity];
        }

        private Run first() {
            return size == 0 ? null : runs[0];
        }

        private void add(Run run) {
            int at = size++;
            while (at > 0 && run.isBefore(runs[(at - 1) / 2])) {
                runs[at] = runs[(at - 1) / 2];
                at = (at - 1) / 2;
            }
            runs[at] = run;
        }

        /** Moves the first run, which has advanced, to its position, or removes it. */
        private void replaceFirst(boolean hasMore) {
            Run run = hasMore ? runs[0] : runs[--size];
            int at = 0;
            for (int child = 1; child < size; child = 2 * at + 1) {
                if (child + 1 < size && runs[child + 1].isBefore(runs[child])) {
                    child++;
                }
                if (!runs[child].isBefore(run)) {
                    break;
                }
                runs[at] = runs[child];
                at = child;
            }
            runs[at] = run;
        }
    }

    @Override
    public void close() throws IOException {
        try (file) {
            Files.deleteIfExists(path);
        }
    }
}
