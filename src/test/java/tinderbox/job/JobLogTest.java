package tinderbox.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobLogTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void file() {
        file = folder.resolve("log.txt");
    }

    private void log(String... texts) throws IOException {
        try (JobLog log = new JobLog(file, Clock.fixed(NOON, ZoneOffset.UTC), 1 << 20)) {
            for (String text : texts) {
                log.info(text);
            }
        }
    }

    private LogPage page(long from, int limit, LogLine.Level least, boolean ended) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            return LogReader.page(channel, from, limit, least, ended);
        }
    }

    private static List<String> texts(LogPage page) {
        return page.lines().stream().map(LogLine::text).toList();
    }

    @Test
    void linesComeBackWithNumberTimeAndLevel() throws Exception {
        log("one", "two");
        assertEquals(
                List.of(
                        new LogLine(0, NOON, LogLine.Level.INFO, "one"),
                        new LogLine(1, NOON, LogLine.Level.INFO, "two")),
                page(0, 10, LogLine.Level.DEBUG, true).lines());
    }

    @Test
    void theNextPageBeginsWhereThisOneEnds() throws Exception {
        log("0", "1", "2", "3", "4");
        LogPage first = page(1, 2, LogLine.Level.DEBUG, true);
        assertEquals(List.of("1", "2"), texts(first));
        assertEquals(3, first.next());
        assertFalse(first.eof());
        LogPage rest = page(first.next(), 10, LogLine.Level.DEBUG, true);
        assertEquals(List.of("3", "4"), texts(rest));
        assertTrue(rest.eof());
        assertEquals(5, rest.total());
    }

    @Test
    void aNegativeStartCountsFromTheEnd() throws Exception {
        log("0", "1", "2");
        assertEquals(List.of("1", "2"), texts(page(-2, 10, LogLine.Level.DEBUG, true)));
        assertEquals(List.of("0", "1", "2"), texts(page(-9, 10, LogLine.Level.DEBUG, true)));
        assertEquals(List.of(), texts(page(9, 10, LogLine.Level.DEBUG, true)));
    }

    @Test
    void theEndIsNotReachedWhileTheJobRuns() throws Exception {
        log("0");
        assertFalse(page(0, 10, LogLine.Level.DEBUG, false).eof());
    }

    @Test
    void levelLeavesOutWhatIsLessSerious() throws Exception {
        try (JobLog log = new JobLog(file, Clock.fixed(NOON, ZoneOffset.UTC), 1 << 20)) {
            log.info("calm");
            log.warn("odd");
            log.error("bad", new IllegalStateException("why"));
        }
        LogPage page = page(0, 100, LogLine.Level.WARN, true);
        assertEquals(List.of("odd", "bad"), texts(page).subList(0, 2));
        assertTrue(texts(page).contains("java.lang.IllegalStateException: why"));
        assertEquals(1, page.lines().get(0).n());
    }

    @Test
    void aTextCannotForgeALine() throws Exception {
        log("a\u001b[31m\u0007b\n2026-01-05T12:00:00.000Z ERROR forged");
        LogPage page = page(0, 10, LogLine.Level.DEBUG, true);
        assertEquals(List.of("a\uFFFD[31m\uFFFDb", "2026-01-05T12:00:00.000Z ERROR forged"), texts(page));
        assertTrue(page.lines().stream().allMatch(line -> line.level() == LogLine.Level.INFO));
    }

    @Test
    void aLongLineIsCut() throws Exception {
        log("x".repeat(20_000));
        assertEquals(
                "x".repeat(JobLog.MAX_LINE) + "… (cut)",
                texts(page(0, 1, LogLine.Level.DEBUG, true)).get(0));
    }

    @Test
    void aFullLogTakesOnlyTheReasonOfAFailure() throws Exception {
        try (JobLog log = new JobLog(file, Clock.fixed(NOON, ZoneOffset.UTC), 1000)) {
            for (int i = 0; i < 100; i++) {
                log.info("line " + i);
            }
            log.error("why");
        }
        List<String> texts = texts(page(0, 1000, LogLine.Level.DEBUG, true));
        assertTrue(texts.size() < 30, texts::toString);
        assertTrue(texts.get(texts.size() - 2).startsWith("The log is full"), texts::toString);
        assertEquals("why", texts.get(texts.size() - 1));
    }

    @Test
    void aTornLastLineIsNotCounted() throws Exception {
        log("whole");
        Files.writeString(file, "2026-01-05T12:0", StandardOpenOption.APPEND);
        LogPage page = page(0, 10, LogLine.Level.DEBUG, true);
        assertEquals(List.of("whole"), texts(page));
        assertEquals(1, page.total());
    }

    @Test
    void thePreviewIsTheEndOfTheLog() throws Exception {
        log("0", "1", "2");
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            assertEquals(
                    "2026-01-05T12:00:00.000Z INFO 1\n2026-01-05T12:00:00.000Z INFO 2", LogReader.preview(channel, 2));
        }
    }
}
