package tinderbox.jobtype.wordcount;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Results of divisions, each in the order of the result, one after another in a file, from which they are merged. */
final class SortedRuns implements AutoCloseable {
    /** What all runs together hold in memory while they are merged; each has at least the least. */
    private static final int BUFFERS = 32 << 20;

    private static final int LEAST_BUFFER = 1 << 8;
    private static final int MOST_BUFFER = 1 << 18;

    private final Path path;
    /** No channel: an interrupt must not close it. */
    private final RandomAccessFile file;

    private final List<Long> ends = new ArrayList<>();
    private long size;

    /** Takes what a word counts for, in the order of the result. */
    interface Sink {
        void word(byte[] bytes, int from, int length, long count) throws IOException;
    }

    SortedRuns(Path path) throws IOException {
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), "rw");
    }

    /** Adds the words of one division. */
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
    void merge(Sink sink) throws IOException {
        int buffer = Math.max(LEAST_BUFFER, Math.min(MOST_BUFFER, BUFFERS / Math.max(1, ends.size())));
        Heap heap = new Heap(ends.size());
        long from = 0;
        for (long end : ends) {
            Run run = new Run(from, end, buffer);
            from = end;
            if (run.advance()) {
                heap.add(run);
            }
        }
        for (Run first = heap.first(); first != null; first = heap.first()) {
            sink.word(first.bytes(), first.from(), first.length(), first.count());
            heap.replaceFirst(first.advance());
        }
    }

    /** The next word of one run, and a buffer of what follows it. */
    private final class Run extends EncodedCounts.Reader {
        private final long end;
        private long position;
        private byte[] buffer;
        /** The first 8 bytes of the word, so that most comparisons look no further. */
        private long prefix;

        private Run(long from, long end, int bufferSize) {
            this(from, end, new byte[bufferSize]);
        }

        private Run(long from, long end, byte[] buffer) {
            super(buffer, 0, 0);
            this.position = from;
            this.end = end;
            this.buffer = buffer;
        }

        @Override
        void require(int count, byte[] shown, int unread, int shownEnd) throws IOException {
            int left = shownEnd - unread;
            if (left >= count || position == end) {
                return;
            }
            byte[] old = buffer;
            if (count > buffer.length) {
                buffer = new byte[count];
            }
            System.arraycopy(old, unread, buffer, 0, left);
            int more = (int) Math.min(buffer.length - left, end - position);
            file.seek(position);
            file.readFully(buffer, left, more);
            position += more;
            show(buffer, 0, left + more);
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

    /** A binary heap whose first run can be put in its new place at once, which the JDK's queue cannot do. */
    private static final class Heap {
        private final Run[] runs;
        private int size;

        private Heap(int capacity) {
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

        /** Puts the first run, which has moved on, in its place; or takes it out. */
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
