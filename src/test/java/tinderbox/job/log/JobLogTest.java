package tinderbox.job.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobLogTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void file() {
        file = folder.resolve("log.txt");
    }

    private JobLog open() throws IOException {
        return new JobLog(folder, Clock.fixed(NOON, ZoneOffset.UTC), 1 << 20);
    }

    private void log(String... texts) throws IOException {
        try (JobLog log = open()) {
            for (String text : texts) {
                log.info(text);
            }
        }
    }

    private LogPage page(long from, int limit, LogLine.Level minLevel, boolean ended) throws IOException {
        return LogReader.page(new LogFolder(folder), from, limit, minLevel, ended);
    }

    private List<String> writtenAndRead(String text) throws IOException {
        log(text);
        return texts(page(0, 10, LogLine.Level.DEBUG, true));
    }

    private static List<String> texts(LogPage page) {
        return page.lines().stream().map(LogLine::text).toList();
    }

    @Test
    void linesAreReadWithNumberTimeAndLevel() throws Exception {
        log("one", "two");
        assertEquals(
                List.of(
                        new LogLine(0, NOON, LogLine.Level.INFO, "one"),
                        new LogLine(1, NOON, LogLine.Level.INFO, "two")),
                page(0, 10, LogLine.Level.DEBUG, true).lines());
    }

    @Test
    void theNextPageStartsAtTheEndOfThisOne() throws Exception {
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
    void thereIsNoEndOfFileWhileTheJobRuns() throws Exception {
        log("0");
        assertFalse(page(0, 10, LogLine.Level.DEBUG, false).eof());
    }

    @Test
    void aMinimumLevelLeavesOutLowerOnes() throws Exception {
        try (JobLog log = open()) {
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

    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 7, 8, 0x0B, 0x0C, 0x1B, 0x7F, 0x85, 0x9B, 0x61C, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B,
                0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0xD800, 0xDFFF
            })
    void harmfulCharactersAreReplaced(int character) throws Exception {
        assertEquals(List.of("a\uFFFDb"), writtenAndRead("a" + (char) character + "b"));
    }

    @Test
    void allOtherCharactersAreReadAsWritten() throws Exception {
        String text = "tab\there, ünï, 日本語, 🎉, \u00A0\u07FF\u0800\uFFFF";
        assertEquals(List.of(text), writtenAndRead(text));
    }

    @Test
    void everyLineSeparatorEndsALine() throws Exception {
        assertEquals(List.of("one", "two", "", "three", "four"), writtenAndRead("one\ntwo\n\nthree\r\nfour"));
    }

    @Test
    void anEmptyLineIsALine() throws Exception {
        assertEquals(List.of(""), writtenAndRead(""));
    }

    @Test
    void aLongLineIsTruncatedToEightKibibytes() throws Exception {
        String mark = "… (cut)";
        assertEquals(List.of("x".repeat(8192)), writtenAndRead("x".repeat(8192)));
        Files.delete(file);
        assertEquals(List.of("x".repeat(8183) + mark), writtenAndRead("x".repeat(8193)));
        Files.delete(file);
        String cut = writtenAndRead("🎉".repeat(20_000)).get(0);
        assertTrue(cut.endsWith("🎉" + mark), cut);
        assertTrue(cut.getBytes(StandardCharsets.UTF_8).length > 8192 - 4);
        assertTrue(cut.getBytes(StandardCharsets.UTF_8).length <= 8192);
    }

    @Test
    void aSmallLogIsASingleFile() throws Exception {
        log("one");
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aPartialLastLineIsNotCounted() throws Exception {
        log("whole");
        Files.writeString(file, "2026-01-05T12:0", StandardOpenOption.APPEND);
        LogPage page = page(0, 10, LogLine.Level.DEBUG, true);
        assertEquals(List.of("whole"), texts(page));
        assertEquals(1, page.total());
    }

    @Test
    void theNextAttemptContinuesAfterAPartialLine() throws Exception {
        log("first attempt");
        Files.writeString(file, "2026-01-05T12:00:00.000Z INFO to", StandardOpenOption.APPEND);
        log("second attempt");
        LogPage page = page(0, 10, LogLine.Level.DEBUG, true);
        assertEquals(List.of("first attempt", "to", "second attempt"), texts(page));
        assertEquals(2, page.lines().get(2).n());
    }

    @Test
    void aDamagedLineIsReadAsAHarmlessWarning() throws Exception {
        Files.write(file, new byte[] {0, 0, 0x1B, 'x', (byte) 0xFF, '\n'});
        LogLine line = page(0, 10, LogLine.Level.DEBUG, true).lines().get(0);
        assertEquals("\uFFFD\uFFFD\uFFFDx\uFFFD", line.text());
        assertEquals(LogLine.Level.WARN, line.level());
    }

    @Test
    void anInterruptedThreadStillWrites() throws Exception {
        try (JobLog log = new JobLog(folder, Clock.fixed(NOON, ZoneOffset.UTC), JobLog.MIN_BYTES)) {
            Thread.currentThread().interrupt();
            for (int i = 0; i < 10_000; i++) {
                log.info("line " + i);
            }
            assertTrue(Thread.interrupted());
            log.info("the last");
        }
        assertEquals(List.of("the last"), texts(page(-1, 1, LogLine.Level.DEBUG, true)));
        assertEquals(10_001, page(0, 1, LogLine.Level.DEBUG, true).total());
    }

    @Test
    void aClosedLogIgnoresLines() throws Exception {
        JobLog log = open();
        log.close();
        log.info("late");
        assertEquals(0, page(0, 1, LogLine.Level.DEBUG, true).total());
    }

    @Test
    void thePreviewIsTheEndOfTheLog() throws Exception {
        log("0", "1", "2");
        assertEquals(
                "2026-01-05T12:00:00.000Z INFO 1\n2026-01-05T12:00:00.000Z INFO 2",
                LogReader.preview(new LogFolder(folder), 2));
    }
}
