package tinderbox.job.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A log of many parts: deleting the oldest, finding lines, and what that costs. */
class LogPartsTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-01-05T12:00:00Z"), ZoneOffset.UTC);
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    /** Writes lines that start with their number, to check that the right ones are read. */
    private static void write(JobLog log, long from, long to) {
        for (long n = from; n < to; n++) {
            log.info(text(n));
        }
    }

    private static String text(long n) {
        return n + " " + "x".repeat((int) (n * 31 % 97));
    }

    private void write(long maxBytes, long from, long to) throws IOException {
        try (JobLog log = new JobLog(folder, NOON, maxBytes)) {
            write(log, from, to);
        }
    }

    private static void assertLines(LogPage page, long from, int count) {
        assertEquals(from, page.from());
        assertEquals(
                LongStream.range(from, from + count)
                        .mapToObj(LogPartsTest::text)
                        .toList(),
                page.lines().stream().map(LogLine::text).toList());
        assertEquals(
                LongStream.range(from, from + count).boxed().toList(),
                page.lines().stream().map(LogLine::n).toList());
        assertEquals(from + count, page.next());
    }

    private static LogPage page(LogParts log, long from, int limit) throws IOException {
        return LogReader.page(log, from, limit, LogLine.Level.DEBUG, true);
    }

    private long bytesOnDisk() throws IOException {
        long bytes = 0;
        for (Path file : JobLog.files(folder)) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    @Test
    void theOldestLinesAreDeletedAndTheFailureStays() throws Exception {
        try (JobLog log = new JobLog(folder, NOON, MIB)) {
            write(log, 0, 50_000);
            log.error("why", new IllegalStateException("the reason"));
        }
        LogFolder log = new LogFolder(folder);
        LogPage first = page(log, 0, 10);

        assertTrue(bytesOnDisk() <= MIB, () -> "too large");
        assertTrue(bytesOnDisk() > MIB * 3 / 4);
        assertTrue(first.truncatedBefore() > 30_000);
        assertLines(first, first.truncatedBefore(), 10);
        assertEquals(
                first.total() - 50_000,
                LogReader.page(log, 0, 100, LogLine.Level.ERROR, true).lines().size());
        LogLine why = page(log, 50_000, 1).lines().get(0);
        assertEquals(new LogLine(50_000, NOON.instant(), LogLine.Level.ERROR, "why"), why);
    }

    @Test
    void partsAreFoundInALocaleWithOtherDigits() throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        try {
            write(JobLog.MIN_BYTES, 0, 5_000);
        } finally {
            Locale.setDefault(before);
        }
        LogPage first = page(new LogFolder(folder), 0, 10);
        assertEquals(5_000, first.total());
        assertLines(first, first.truncatedBefore(), 10);
        int newest = Files.readAllLines(folder.resolve(LogFolder.NEWEST)).size();
        assertTrue(first.truncatedBefore() < 5_000 - newest, () -> "only " + newest + " lines are found");
    }

    @Test
    void aStackTraceLargerThanAPartStaysCompleteAndWithinTheLimit() throws Exception {
        StringBuilder trace = new StringBuilder();
        for (int n = 0; n < 500; n++) {
            trace.append(text(n)).append('\n');
        }
        try (JobLog log = new JobLog(folder, NOON, JobLog.MIN_BYTES)) {
            write(log, 0, 5_000);
            log.error(trace.toString());
        }
        assertTrue(bytesOnDisk() <= JobLog.MIN_BYTES);
        LogPage errors = LogReader.page(new LogFolder(folder), 0, 1_000, LogLine.Level.ERROR, true);
        assertEquals(500, errors.lines().size());
        assertEquals(5_000, errors.lines().get(0).n());
    }

    @Test
    void numbersContinueAcrossAttemptsAndDeletedParts() throws Exception {
        write(JobLog.MIN_BYTES, 0, 5_000);
        write(JobLog.MIN_BYTES, 5_000, 5_001);
        write(JobLog.MIN_BYTES, 5_001, 9_000);
        LogFolder log = new LogFolder(folder);

        assertEquals(9_000, log.next());
        assertTrue(log.first() > 5_001);
        assertLines(page(log, log.first(), 100), log.first(), 100);
        assertLines(page(log, -7, 100), 8_993, 7);
        assertLines(page(log, 3, 5), log.first(), 5);
    }

    @Test
    void aPageSpansParts() throws Exception {
        write(MIB, 0, 8_000);
        LogFolder log = new LogFolder(folder);

        assertEquals(0, log.first());
        assertTrue(JobLog.files(folder).size() > 3);
        assertLines(page(log, 0, 8_000), 0, 8_000);
        assertTrue(page(log, 0, 8_000).eof());
    }

    @Test
    void thePreviewSpansParts() throws Exception {
        write(MIB, 0, 8_000);
        List<String> preview =
                LogReader.preview(new LogFolder(folder), 1_500).lines().toList();
        assertEquals(1_500, preview.size());
        assertTrue(preview.get(0).endsWith(" INFO " + text(6_500)));
        assertTrue(preview.get(1_499).endsWith(" INFO " + text(7_999)));
    }

    @Test
    void thePreviewOfHugeLinesIsBounded() throws Exception {
        try (JobLog log = new JobLog(folder, NOON, 16 * MIB)) {
            for (int i = 0; i < 1_000; i++) {
                log.info("y".repeat(9_000));
            }
        }
        assertTrue(LogReader.preview(new LogFolder(folder), 100).length() <= 1 << 18);
    }

    /** Counts the bytes that are read from a log. */
    private static final class CountingParts implements LogParts {
        private final LogParts log;
        private final AtomicLong bytes = new AtomicLong();
        private final AtomicInteger opened = new AtomicInteger();

        private CountingParts(LogParts log) {
            this.log = log;
        }

        @Override
        public long first() {
            return log.first();
        }

        @Override
        public long next() {
            return log.next();
        }

        @Override
        public LogPart open(long line) throws IOException {
            opened.incrementAndGet();
            LogPart part = log.open(line);
            SeekableByteChannel index = part.index() == null ? null : new CountingChannel(part.index(), bytes);
            return new LogPart(new CountingChannel(part.text(), bytes), index, part.first(), part.next(), part.bytes());
        }
    }

    private record CountingChannel(SeekableByteChannel channel, AtomicLong bytes) implements SeekableByteChannel {
        @Override
        public int read(ByteBuffer to) throws IOException {
            int read = channel.read(to);
            bytes.addAndGet(Math.max(0, read));
            return read;
        }

        @Override
        public int write(ByteBuffer from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() throws IOException {
            return channel.position();
        }

        @Override
        public SeekableByteChannel position(long to) throws IOException {
            channel.position(to);
            return this;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Test
    void aPageOfAHugeLogReadsAsLittleAsOneOfASmallLog() throws Exception {
        long lines = 1_200_000;
        Random random = new Random(7);
        try (JobLog log = new JobLog(folder, NOON, 256 * MIB)) {
            write(log, 0, lines);
            assertTrue(bytesOnDisk() > 90 * MIB);
            for (LogParts parts : List.of(log.parts(), new LogFolder(folder))) {
                for (int i = 0; i < 200; i++) {
                    long from = random.nextLong(lines - 100);
                    CountingParts counting = new CountingParts(parts);
                    assertLines(page(counting, from, 100), from, 100);
                    assertTrue(
                            counting.bytes.get() < 4L * LogIndex.MIN_GAP_BYTES,
                            () -> counting.bytes + " bytes at " + from);
                }
            }
        }
    }

    @Test
    void aPageWithoutNewLinesReadsNothing() throws Exception {
        try (JobLog log = new JobLog(folder, NOON, MIB)) {
            write(log, 0, 3_000);
            CountingParts counting = new CountingParts(log.parts());
            LogPage page = LogReader.page(counting, 3_000, 1_000, LogLine.Level.DEBUG, false);
            assertEquals(3_000, page.total());
            assertEquals(List.of(), page.lines());
            assertEquals(0, counting.opened.get());
        }
    }

    @Test
    void aSearchForALevelIsBoundedAndCanContinue() throws Exception {
        try (JobLog log = new JobLog(folder, NOON, 256 * MIB)) {
            write(log, 0, 400_000);
            log.error("found");
        }
        LogFolder log = new LogFolder(folder);
        int pages = 0;
        long from = 0;
        List<LogLine> found = new ArrayList<>();
        while (found.isEmpty()) {
            CountingParts counting = new CountingParts(log);
            LogPage page = LogReader.page(counting, from, 10, LogLine.Level.ERROR, true);
            assertTrue(counting.bytes.get() < 18 * MIB);
            assertTrue(page.next() > from);
            found.addAll(page.lines());
            from = page.next();
            pages++;
        }
        assertEquals(400_000, found.get(0).n());
        assertTrue(pages > 1);
    }

    enum Damage {
        MISSING,
        EMPTY,
        TRUNCATED,
        ZEROS,
        FLIPPED,
        OF_ANOTHER_LOG,
        WRONG_OFFSETS
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void anIndexIsOnlyAHint(Damage damage) throws Exception {
        long lines = 20_000;
        write(64 * MIB, 0, lines);
        Path index = folder.resolve("log.idx");
        byte[] good = Files.readAllBytes(index);
        assertTrue(good.length > 10 * LogIndex.ENTRY_BYTES);
        switch (damage) {
            case MISSING -> Files.delete(index);
            case EMPTY -> Files.write(index, new byte[0]);
            case TRUNCATED -> Files.write(index, Arrays.copyOf(good, good.length / 2 + 7));
            case ZEROS -> Files.write(index, new byte[good.length]);
            case FLIPPED -> {
                for (int i = 0; i < good.length; i += LogIndex.ENTRY_BYTES * 3) {
                    good[i + 6]++;
                }
                Files.write(index, good);
            }
            case OF_ANOTHER_LOG -> Files.write(index, indexOfAnotherLog());
            case WRONG_OFFSETS -> Files.write(index, withWrongOffsets(good));
        }
        LogFolder log = new LogFolder(folder);
        assertEquals(lines, log.next());
        for (long from = 0; from < lines; from += 997) {
            assertLines(page(log, from, 3), from, 3);
        }
        write(64 * MIB, lines, lines + 10_000);
        assertLines(page(new LogFolder(folder), lines - 5, 10), lines - 5, 10);
        assertTrue(Files.size(index) > good.length);
    }

    private byte[] indexOfAnotherLog() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        try (JobLog log = new JobLog(other, Clock.offset(NOON, Duration.ofHours(1)), 16 * MIB)) {
            for (int i = 0; i < 20_000; i++) {
                log.info("other lines of another length, some of which begin at the same offsets");
            }
        }
        return Files.readAllBytes(other.resolve("log.idx"));
    }

    /** Entries with valid checksums and wrong offsets. */
    private static byte[] withWrongOffsets(byte[] good) {
        byte[] head = "2026-01-05T12:00:00.000Z".getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream entriesOut = new ByteArrayOutputStream();
        ByteBuffer entries = ByteBuffer.wrap(good);
        for (int at = 0; at < good.length; at += LogIndex.ENTRY_BYTES) {
            LogIndex.Position position =
                    new LogIndex.Position(entries.getLong(at), entries.getLong(at + Long.BYTES) + 1_000);
            entriesOut.writeBytes(LogIndex.entry(position, head, 0));
        }
        return entriesOut.toByteArray();
    }

    @Test
    void aDamagedPartDoesNotChangeTheNumbersOfOthers() throws Exception {
        write(MIB, 0, 8_000);
        LogFolder.FullPart second = LogFolder.fullParts(folder).get(1);
        String text = Files.readString(second.text());
        Files.writeString(second.text(), text.substring(0, text.length() / 2));
        LogFolder.FullPart third = LogFolder.fullParts(folder).get(2);
        Files.delete(LogFolder.fullParts(folder).get(0).text());

        LogFolder log = new LogFolder(folder);
        assertEquals(second.first(), log.first());
        assertLines(page(log, third.first(), 10), third.first(), 10);
        LogPage all = page(log, 0, 10_000);
        assertEquals(8_000, all.next());
        assertTrue(all.lines().stream().allMatch(line -> text(line.n()).startsWith(line.text())));
    }

    @Test
    void aHugeLineIsReadInConstantMemory() throws Exception {
        try (OutputStream out = Files.newOutputStream(folder.resolve("log.txt"))) {
            for (int i = 0; i < 32; i++) {
                out.write(new byte[1 << 20]);
            }
            out.write("\n2026-01-05T12:00:00.000Z INFO after it\n".getBytes(StandardCharsets.US_ASCII));
        }
        LogPage page = page(new LogFolder(folder), 0, 10);
        assertEquals(2, page.total());
        assertEquals("after it", page.lines().get(1).text());
        assertTrue(page.lines().get(0).text().length() < LogText.MAX_LINE);
    }

    @Test
    void readersSeeEveryLineOnceAndInOrderWhilePartsAreDeleted() throws Exception {
        int writers = 3;
        int lines = 20_000;
        ExecutorService threads = Executors.newCachedThreadPool();
        try (JobLog log = new JobLog(folder, NOON, JobLog.MIN_BYTES)) {
            List<Future<?>> writing = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                writing.add(threads.submit(() -> write(log, 0, lines)));
            }
            List<Future<Long>> reading = new ArrayList<>();
            for (int reader = 0; reader < 2; reader++) {
                reading.add(threads.submit(follow(log, (long) writers * lines)));
            }
            reading.add(threads.submit(download(log, (long) writers * lines)));
            for (Future<?> writer : writing) {
                writer.get();
            }
            for (Future<Long> reader : reading) {
                assertEquals((long) writers * lines, reader.get());
            }
            assertTrue(bytesOnDisk() <= JobLog.MIN_BYTES);
        } finally {
            threads.shutdown();
        }
    }

    private static Callable<Long> follow(JobLog log, long end) {
        return () -> {
            long next = 0;
            while (next < end) {
                LogPage page = LogReader.page(log.parts(), next, 500, LogLine.Level.DEBUG, false);
                long before = -1;
                for (LogLine line : page.lines()) {
                    assertTrue(line.n() > before && line.n() >= next);
                    assertTrue(line.text().matches("\\d+ x*"), line::text);
                    before = line.n();
                }
                assertTrue(page.next() >= next && page.next() <= page.total());
                assertFalse(LogReader.preview(log.parts(), 10).lines().count() > 10);
                next = page.next();
            }
            return next;
        };
    }

    private static Callable<Long> download(JobLog log, long end) {
        return () -> {
            long next = 0;
            while (next < end) {
                try (OpenLog open = LogReader.open(log.parts())) {
                    next = open.truncatedBefore();
                    for (OpenLog.Part part : open.parts()) {
                        byte[] bytes = Channels.newInputStream(part.text()).readNBytes((int) part.bytes());
                        String text = new String(bytes, StandardCharsets.UTF_8);
                        assertTrue(text.isEmpty() || (text.startsWith("2026-") && text.endsWith("\n")));
                        next += text.lines().count();
                    }
                }
            }
            return next;
        };
    }

    @Test
    void theFilesOfALogHaveFixedNames() throws Exception {
        write(JobLog.MIN_BYTES, 0, 2_000);
        try (Stream<Path> files = Files.list(folder)) {
            assertTrue(files.map(file -> file.getFileName().toString())
                    .allMatch(name -> name.equals("log.txt") || name.matches("log-\\d{12}-\\d{12}\\.txt")));
        }
    }
}
