package tinderbox.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * The word count as a good programmer would write it without Spark: each thread counts its share of the bytes into its
 * own hash table. It converts only ASCII to lower case, holds all distinct words in memory, has no progress, cannot be
 * cancelled and runs on one machine.
 */
final class PlainLoop {
    private static final int BUFFER = 1 << 20;
    private static final byte[] HEADER = "word,count\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LOWER = new byte[256];

    static {
        for (int i = 0; i < LOWER.length; i++) {
            LOWER[i] = (byte) (i >= 'A' && i <= 'Z' ? i + 'a' - 'A' : i);
        }
    }

    private final int threads;

    /** A range of bytes in a file; a word belongs to the range in which it begins. */
    private record Range(Path file, long from, long to) {}

    PlainLoop(int threads) {
        this.threads = threads;
    }

    /** Counts the words of a file or of a folder's files into a CSV file. */
    void count(Path input, Path csv) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<PlainHashTable>> counting = new ArrayList<>();
            for (List<Range> share : shares(input)) {
                counting.add(pool.submit(() -> count(share)));
            }
            PlainHashTable all = counting.get(0).get();
            for (Future<PlainHashTable> other : counting.subList(1, counting.size())) {
                all.add(other.get());
            }
            write(all, all.sorted(threads > 1), csv);
        } finally {
            pool.shutdownNow();
        }
    }

    private List<List<Range>> shares(Path input) throws IOException {
        List<List<Range>> shares = new ArrayList<>();
        if (Files.isDirectory(input)) {
            List<Range> files;
            try (Stream<Path> all = Files.list(input)) {
                files = all.map(file -> new Range(file, 0, Long.MAX_VALUE)).toList();
            }
            for (int i = 0; i < threads; i++) {
                shares.add(files.subList(files.size() * i / threads, files.size() * (i + 1) / threads));
            }
        } else {
            long size = Files.size(input);
            for (int i = 0; i < threads; i++) {
                shares.add(List.of(new Range(input, size * i / threads, size * (i + 1) / threads)));
            }
        }
        return shares;
    }

    private static PlainHashTable count(List<Range> share) throws IOException {
        PlainHashTable table = new PlainHashTable();
        byte[] buffer = new byte[BUFFER];
        for (Range range : share) {
            try (FileChannel file = FileChannel.open(range.file())) {
                buffer = count(file, range, table, buffer);
            }
        }
        return table;
    }

    /** Counts a range. Returns the buffer for the next range, because a long word makes it grow. */
    private static byte[] count(FileChannel file, Range range, PlainHashTable table, byte[] buffer) throws IOException {
        byte[] bytes = buffer;
        // One byte earlier, to see whether the range begins within a word.
        long base = Math.max(0, range.from() - 1);
        file.position(base);
        int limit = Math.max(0, file.read(ByteBuffer.wrap(bytes)));
        int at = 0;
        if (range.from() > 0) {
            at = wordEnd(bytes, limit);
            while (at == limit && limit > 0) {
                base += limit;
                limit = Math.max(0, file.read(ByteBuffer.wrap(bytes)));
                at = wordEnd(bytes, limit);
            }
        }
        while (true) {
            while (at < limit && isSpace(bytes[at])) {
                at++;
            }
            int start = at;
            if (base + start >= range.to()) {
                return bytes;
            }
            int hash = 0;
            while (at < limit && !isSpace(bytes[at])) {
                byte lower = LOWER[bytes[at] & 0xFF];
                bytes[at++] = lower;
                hash = 31 * hash + lower;
            }
            if (at < limit) {
                table.add(bytes, start, at - start, hash, 1);
                continue;
            }
            // The word may continue in the next buffer.
            int length = limit - start;
            byte[] next = length == bytes.length ? Arrays.copyOf(bytes, 2 * length) : bytes;
            System.arraycopy(bytes, start, next, 0, length);
            bytes = next;
            int read = file.read(ByteBuffer.wrap(bytes, length, bytes.length - length));
            if (read < 0) {
                if (length > 0) {
                    table.add(bytes, 0, length, hash, 1);
                }
                return bytes;
            }
            base += start;
            at = 0;
            limit = length + read;
        }
    }

    private static int wordEnd(byte[] bytes, int limit) {
        int at = 0;
        while (at < limit && !isSpace(bytes[at])) {
            at++;
        }
        return at;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || (b <= '\r' && b >= '\t');
    }

    private static void write(PlainHashTable table, int[] sorted, Path csv) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(csv), BUFFER)) {
            out.write(HEADER);
            for (int word : sorted) {
                table.write(word, out);
            }
        }
    }
}
