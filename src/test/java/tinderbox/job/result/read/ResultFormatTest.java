package tinderbox.job.result.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.common.LongRead;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.ResultWriter;
import tinderbox.json.ExactNumbers;
import tinderbox.json.Json;

class ResultFormatTest {
    private static final List<Column> COLUMNS = List.of(
            Column.string("text"),
            Column.integer("number"),
            new Column("ratio", Column.Type.DOUBLE),
            new Column("yes", Column.Type.BOOLEAN));

    private static final ResultLimits LIMITS = ResultLimits.ofHeap(1L << 30);

    @TempDir
    Path folder;

    private JobResult write(List<List<Object>> rows) throws IOException {
        try (ResultWriter writer = new ResultWriter(folder, COLUMNS, 1 << 20)) {
            rows.forEach(writer::row);
            return writer.finish(Map.of());
        }
    }

    private static ResultPage page(Path folder, JobResult result, long offset, int limit, String text)
            throws IOException {
        ResultQuery query = new ResultQuery(false, text, List.of(), List.of(), "");
        return ResultReader.page(
                result, Files.newByteChannel(folder.resolve(ResultWriter.FILE)), query, offset, limit, LIMITS);
    }

    private static String json(List<List<Object>> rows) {
        return new String(Json.write(rows), StandardCharsets.UTF_8);
    }

    private String safeCsv(JobResult result) throws IOException {
        StringBuilder csv = new StringBuilder();
        try (ResultReader reader = new ResultReader(
                result,
                Files.newByteChannel(folder.resolve(ResultWriter.FILE)),
                ResultQuery.all(),
                LineFormat.SAFE_CSV,
                LIMITS)) {
            for (ByteBuffer part = reader.nextPart(); part.hasRemaining(); part = reader.nextPart()) {
                csv.append(StandardCharsets.UTF_8.decode(part));
            }
        }
        return csv.toString();
    }

    @Test
    void rowsAreReadAsWrittenWhateverTheirText() throws Exception {
        List<List<Object>> rows = List.of(
                List.of("plain", 1L, 0.5, true),
                List.of("comma, \"quote\"", -2L, -2.5, false),
                List.of("line\nfeed\r\nand return", Long.MAX_VALUE, 0.0, true),
                List.of("", Long.MIN_VALUE, 1.0, false),
                Arrays.asList(null, null, null, null),
                List.of("naïve 😀 \u2028 \\\\", 0L, 3.25, true));
        JobResult result = write(rows);
        List<List<Object>> exact = rows.stream().map(ExactNumbers::list).toList();
        for (int offset = 0; offset <= rows.size(); offset++) {
            assertEquals(
                    json(exact.subList(offset, rows.size())),
                    json(page(folder, result, offset, 100, null).rows()));
        }
        assertEquals(List.of(), page(folder, result, 1L << 40, 100, null).rows());
        assertEquals(rows.size(), result.rows());
    }

    @Test
    void theFileIsRfc4180WithLineFeeds() throws Exception {
        write(List.of(List.of("a \"b\", c", 1L, 1.5, true), Arrays.asList(null, 2L, null, null)));
        assertEquals(
                "text,number,ratio,yes\n\"a \"\"b\"\", c\",1,1.5,true\n,2,,\n",
                Files.readString(folder.resolve(ResultWriter.FILE)));
    }

    @Test
    void theResultHasSizeAndHashOfTheFile() throws Exception {
        JobResult result = write(List.of(List.of("é", 1L, 1.0, true)));
        byte[] file = Files.readAllBytes(folder.resolve(ResultWriter.FILE));
        assertEquals(file.length, result.bytes());
        assertEquals(
                HexFormat.of()
                        .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                                .digest(file)),
                result.sha256());
    }

    @Test
    void aCellOfAnotherTypeIsRefused() throws Exception {
        try (ResultWriter writer = new ResultWriter(folder, COLUMNS, 1 << 20)) {
            assertThrows(IllegalArgumentException.class, () -> writer.row(List.of("a", "1", 1.0, true)));
            assertThrows(IllegalArgumentException.class, () -> writer.row(List.of("a", 1L)));
        }
    }

    @Test
    void aSearchThatTakesTooLongFails() throws Exception {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            rows.add(List.of("apple", (long) i, 1.0, true));
        }
        JobResult result = write(rows);
        AtomicLong now = new AtomicLong();

        JobException refused = assertThrows(
                JobException.class,
                () -> LongRead.within(Duration.ofNanos(2), now::incrementAndGet)
                        .run(() -> page(folder, result, 0, 1, "apple")));

        assertEquals(ErrorCode.LIMIT_EXCEEDED, refused.code());
    }

    @Test
    void aPageHasItsOffsetAndTheTotal() throws Exception {
        JobResult result = write(List.of(
                List.of("apple", 1L, 1.0, true),
                List.of("Pineapple", 2L, 1.0, true),
                List.of("pear", 3L, 1.0, true),
                List.of("apple pie", 4L, 1.0, true)));
        ResultPage all = page(folder, result, 1, 2, null);
        assertEquals(4, all.total());
        assertEquals(
                List.of("Pineapple", "pear"),
                all.rows().stream().map(row -> row.get(0)).toList());
        ResultPage apples = page(folder, result, 1, 10, "APPLE");
        assertEquals(3, apples.total());
        assertEquals(
                List.of("Pineapple", "apple pie"),
                apples.rows().stream().map(row -> row.get(0)).toList());
    }

    @Test
    void aPageDeepInTheFileIsFoundWhereverReadsEnd() throws Exception {
        List<List<Object>> rows = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            rows.add(List.of("\n\"x,".repeat(random.nextInt(4)) + i, (long) i, 1.0, true));
        }
        JobResult result = write(rows);
        for (int offset = 0; offset < rows.size(); offset += 997) {
            assertEquals(
                    json(rows.subList(offset, offset + 3)),
                    json(page(folder, result, offset, 3, null).rows()));
        }
    }

    @Test
    void aPageOfHugeCellsEndsEarlyWithTheRightTotal() throws Exception {
        Path large = Files.createDirectory(folder.resolve("large"));
        JobResult result;
        try (ResultWriter writer = new ResultWriter(large, List.of(Column.string("text")), 1 << 30)) {
            List<String> row = List.of("x".repeat(1 << 20));
            for (int i = 0; i < 20; i++) {
                writer.row(row);
            }
            result = writer.finish(Map.of());
        }
        ResultPage page = page(large, result, 2, 100, null);
        assertEquals(4, page.rows().size());
        assertEquals(20, page.total());
    }

    @Test
    void formulasAreDefusedInTextAndNumbersStayNumbers() throws Exception {
        JobResult result = write(
                List.of(List.of("=1+1", -1L, -1.0, true), List.of("@x", 1L, 1.0, true), List.of("a=b", 1L, 1.0, true)));
        assertEquals("text,number,ratio,yes\n'=1+1,-1,-1.0,true\n'@x,1,1.0,true\na=b,1,1.0,true\n", safeCsv(result));
    }

    @Test
    void namesOfColumnsAreDefusedWhateverTheirType() throws Exception {
        JobResult result;
        try (ResultWriter writer = new ResultWriter(folder, List.of(Column.integer("=1+1")), 1 << 20)) {
            writer.row(List.of(-1));
            result = writer.finish(Map.of());
        }
        assertEquals("'=1+1\n-1\n", safeCsv(result));
    }

    @Test
    void aTruncatedFileIsAnError() throws Exception {
        byte[] truncated = "text\n\"half".getBytes(StandardCharsets.UTF_8);
        JobResult result = new JobResult(List.of(Column.string("text")), 1, truncated.length, "", Map.of());
        Files.write(folder.resolve(ResultWriter.FILE), truncated);
        assertThrows(IOException.class, () -> page(folder, result, 0, 10, null));
    }
}
