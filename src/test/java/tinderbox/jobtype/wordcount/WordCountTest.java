package tinderbox.jobtype.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WordCountTest {
    private final TestServer server = TestServer.shared();
    private final ApiClient apiClient = new ApiClient(server);

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(server.root().resolve(name), content);
    }

    private String input(String name, String content) throws IOException {
        write(name, content.getBytes(StandardCharsets.UTF_8));
        return "test/" + name;
    }

    private Map<String, Object> count(Map<String, Object> params) {
        Map<String, Object> job = apiClient.run("word-count", params);
        assertEquals("SUCCEEDED", job.get("status"), () -> String.valueOf(job));
        return job;
    }

    private String csvOf(Map<String, Object> params) {
        return apiClient.csv((String) count(params).get("job_id"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> summary(Map<String, Object> job) {
        return (Map<String, Object>) job.get("summary");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> error(Map<String, Object> job) {
        assertEquals("FAILED", job.get("status"));
        return (Map<String, Object>) job.get("error");
    }

    @Test
    void mobyDickHasTheKnownCounts() {
        Map<String, Object> job = count(Map.of());
        assertEquals(208_160L, summary(job).get("words"));
        assertEquals(
                List.of(
                        List.of("the", 13965L),
                        List.of("of", 6398L),
                        List.of("and", 6130L),
                        List.of("a", 4507L),
                        List.of("to", 4429L)),
                ((List<?>) summary(job).get("top")).subList(0, 5));
        assertTrue(apiClient.csv((String) job.get("job_id")).startsWith("word,count\nthe,13965\nof,6398\nand,6130\n"));
    }

    /** Counts with tr, sort and uniq, which convert only ASCII letters to lower case. */
    private static List<String> unixCount(String files) throws Exception {
        Process process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "export LC_ALL=C; for f in " + files + "; do cat \"$f\"; echo; done | tr 'A-Z' 'a-z'"
                                + " | tr -s ' \\t\\n\\v\\f\\r' '\\n' | grep -v '^$' | sort | uniq -c | sed 's/^ *//'")
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return out.lines().sorted().toList();
    }

    private List<String> wordCount(String input) {
        return csvOf(Map.of("input", input))
                .lines()
                .skip(1)
                .map(WordCountTest::unixForm)
                .sorted()
                .toList();
    }

    private static String unixForm(String csvLine) {
        int comma = csvLine.lastIndexOf(',');
        String word = csvLine.substring(0, comma);
        if (word.startsWith("\"")) {
            word = word.substring(1, word.length() - 1).replace("\"\"", "\"");
        }
        return csvLine.substring(comma + 1) + " " + word;
    }

    @ParameterizedTest
    @ValueSource(strings = {"moby-dick.txt", "state-of-the-union"})
    void unixToolsCountTheSameWordForWord(String sample) throws Exception {
        Path path = server.dataDir().resolve("samples").resolve(sample);
        assertEquals(unixCount(path + (Files.isDirectory(path) ? "/*" : "")), wordCount("samples/" + sample));
    }

    @Test
    void theSixAsciiWhiteSpaceCharactersSplitAndNoOtherDoes() throws Exception {
        String text = "a\tb\nc\u000Bd\fe\rf g\u00A0h\u2028i\u0085j\u3000k\u001Cl";
        assertEquals(
                "word,count\na,1\nb,1\nc,1\nd,1\ne,1\nf,1\ng\u00A0h\u2028i\u0085j\u3000k\u001Cl,1\n",
                csvOf(Map.of("input", input("space.txt", text))));
    }

    @Test
    void tiesAreOrderedByTheBytesOfTheWord() throws Exception {
        // In UTF-16, the last two would be in the reverse order.
        String text = "é b a Z \uFF5E 😀 b";
        assertEquals(
                "word,count\nb,2\na,1\nz,1\né,1\n\uFF5E,1\n😀,1\n", csvOf(Map.of("input", input("ties.txt", text))));
    }

    @Test
    void everyParameterHasItsEffect() throws Exception {
        String input = input("params.txt", "The the (the) don't! --- É é ab ab ab x");
        assertEquals("word,count\nab,3\nthe,2\né,2\n(the),1\n---,1\ndon't!,1\nx,1\n", csvOf(Map.of("input", input)));
        assertEquals(
                "word,count\nab,3\n(the),1\n---,1\nThe,1\ndon't!,1\nthe,1\nx,1\nÉ,1\né,1\n",
                csvOf(Map.of("input", input, "case_sensitive", true)));
        assertEquals(
                "word,count\nab,3\nthe,3\né,2\ndon't,1\nx,1\n",
                csvOf(Map.of("input", input, "strip_punctuation", true)));
        assertEquals(
                "word,count\nab,3\nthe,3\ndon't,1\n",
                csvOf(Map.of("input", input, "strip_punctuation", true, "min_length", 2)));
        assertEquals("word,count\nab,3\n", csvOf(Map.of("input", input, "min_count", 3)));
    }

    @Test
    void theSummaryCountsAllWordsAlsoThoseBelowMinCount() throws Exception {
        Map<String, Object> job = count(Map.of("input", input("sum.txt", "a a a b b c"), "min_count", 3));
        assertEquals(6L, summary(job).get("words"));
        assertEquals(3L, summary(job).get("distinct_words"));
        assertEquals(11L, summary(job).get("bytes_read"));
        assertEquals(1L, summary(job).get("files"));
        assertEquals(List.of(List.of("a", 3L)), summary(job).get("top"));
        assertEquals(List.of(List.of(1L, 3L, "a")), summary(job).get("rank_frequency"));
    }

    @Test
    void anEmptyResultSaysWhy() throws Exception {
        String input = input("short.txt", "a bb bb");
        assertEquals(
                "The input has 2 distinct words, but none that occurs at least 3 times.",
                emptyReason(Map.of("input", input, "min_count", 3)));
        assertEquals(
                "The input has 1 distinct word of at least 2 characters, but none that occurs at least 1,000 times.",
                emptyReason(Map.of("input", input, "min_length", 2, "min_count", 1000)));
        assertEquals(
                "The input has no words of at least 3 characters.",
                emptyReason(Map.of("input", input, "min_length", 3)));
    }

    private Object emptyReason(Map<String, Object> params) {
        return summary(count(params)).get("empty_reason");
    }

    @Test
    void rankAndFrequencyAreAtMostTwoHundredPointsFromFirstToLast() {
        Map<String, Object> job = count(Map.of());
        List<?> points = (List<?>) summary(job).get("rank_frequency");
        assertTrue(points.size() > 50 && points.size() <= 200, () -> points.size() + " points");
        assertEquals(List.of(1L, 13965L, "the"), points.get(0));
        assertEquals(summary(job).get("distinct_words"), ((List<?>) points.get(points.size() - 1)).get(0));
    }

    @Test
    void anEmptyFileHasNoRows() throws Exception {
        Map<String, Object> job = count(Map.of("input", input("empty.txt", "")));
        assertEquals(0L, summary(job).get("words"));
        assertEquals("The input has no words.", summary(job).get("empty_reason"));
        assertEquals("word,count\n", apiClient.csv((String) job.get("job_id")));
    }

    @Test
    void compressedFilesAreDecompressed() throws Exception {
        write("packed.txt.gz", gzip("packed words packed"));
        assertEquals("word,count\npacked,2\nwords,1\n", csvOf(Map.of("input", "test/packed.txt.gz")));
        write("packed.txt.bz2", bzip2("packed words packed"));
        assertEquals("word,count\npacked,2\nwords,1\n", csvOf(Map.of("input", "test/packed.txt.bz2")));
        write("packed.zst", zstd("packed words packed"));
        assertEquals("word,count\npacked,2\nwords,1\n", csvOf(Map.of("input", "test/packed.zst")));
    }

    @Test
    void aWordThatIsTooLongForTheMemoryFailsTheJobWithItsFile() throws Exception {
        try (RandomAccessFile sparse =
                new RandomAccessFile(server.root().resolve("no-text.bin").toFile(), "rw")) {
            sparse.setLength(200 << 20);
        }
        Map<String, Object> error = error(apiClient.run("word-count", Map.of("input", "test/no-text.bin")));
        assertEquals("limit_exceeded", error.get("code"), error::toString);
        assertTrue(
                ((String) error.get("message")).startsWith("The file test/no-text.bin has a word longer than "),
                error::toString);
    }

    /** Blanks that compress to less than a hundredth of their size. */
    private static byte[] bomb(String ending) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = compressing(ending, packed)) {
            byte[] blanks = new byte[1 << 20];
            Arrays.fill(blanks, (byte) ' ');
            for (int i = 0; i < 8; i++) {
                out.write(blanks);
            }
        }
        return packed.toByteArray();
    }

    private static OutputStream compressing(String ending, OutputStream out) throws IOException {
        BZip2Codec bzip2 = new BZip2Codec();
        bzip2.setConf(new Configuration(false));
        return switch (ending) {
            case ".gz" -> new GZIPOutputStream(out);
            case ".bz2" -> bzip2.createOutputStream(out);
            default -> new ZstdOutputStream(out);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {".gz", ".bz2", ".zst"})
    void aDecompressionBombFailsTheJob(String ending) throws Exception {
        write("bomb" + ending, bomb(ending));
        Map<String, Object> job = apiClient.run("word-count", Map.of("input", "test/bomb" + ending));
        Map<String, Object> error = error(job);
        assertEquals("limit_exceeded", error.get("code"), error::toString);
        assertEquals("The file test/bomb" + ending + " unpacks to more than 200 times its size", error.get("message"));
        assertTrue(((String) error.get("hint")).endsWith("--max-expansion"), error::toString);
    }

    @Test
    void allMembersOfACompressedFileCount() throws Exception {
        byte[] member = gzip("word ".repeat(100_000));
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        many.write(member);
        many.write(member);
        write("members.gz", many.toByteArray());
        assertEquals("word,count\nword,200000\n", csvOf(Map.of("input", "test/members.gz")));
        many.write(member);
        write("members.gz", many.toByteArray());
        assertEquals(
                "limit_exceeded",
                error(apiClient.run("word-count", Map.of("input", "test/members.gz")))
                        .get("code"));
    }

    @Test
    void anInputThatIsTooLargeIsRefusedAndOneThatHasGrownFails() throws Exception {
        String id = apiClient.submit("word-count", Map.of("input", input("grows.txt", "small"), "delay_seconds", 1));
        try (RandomAccessFile sparse =
                new RandomAccessFile(server.root().resolve("grows.txt").toFile(), "rw")) {
            sparse.setLength((1L << 30) + 1);
        }
        AssertionError refused = assertThrows(
                AssertionError.class, () -> apiClient.submit("word-count", Map.of("input", "test/grows.txt")));
        assertTrue(
                refused.getMessage().contains("has 1073741825 bytes, and a job may read 1073741824"),
                refused::getMessage);
        Map<String, Object> error = error(apiClient.awaitEnd(id));
        assertEquals("limit_exceeded", error.get("code"), error::toString);
        assertTrue(((String) error.get("hint")).endsWith("--max-input-bytes"), error::toString);
        Files.delete(server.root().resolve("grows.txt"));
    }

    @Test
    void aLongWordThatIsReadInPiecesIsOneWord() throws Exception {
        Random random = new Random(7);
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < 11_000_000; i++) {
            word.append((char) ('a' + random.nextInt(26)));
        }
        write("long.gz", gzip("a " + word + " a"));
        Map<String, Object> job = count(Map.of("input", "test/long.gz"));
        assertEquals(2L, summary(job).get("distinct_words"));
        // Not assertEquals, which would print eleven million letters.
        assertTrue(
                apiClient.csv((String) job.get("job_id")).equals("word,count\na,2\n" + word + ",1\n"), "other letters");
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    private static byte[] bzip2(String text) throws IOException {
        BZip2Codec codec = new BZip2Codec();
        codec.setConf(new Configuration(false));
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = codec.createOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    /** With a checksum, as the zstd command writes it. */
    private static byte[] zstd(String text) {
        try (ZstdCompressCtx packing = new ZstdCompressCtx()) {
            return packing.setChecksum(true).compress(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Words that compress badly. */
    private static String longText() {
        Random random = new Random(7);
        return IntStream.range(0, 300_000)
                .mapToObj(i -> Integer.toString(random.nextInt(1_000_000), 36))
                .collect(Collectors.joining(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "no-gzip.gz, NONE",
        "damaged.gz, DAMAGED",
        "cut.gz, CUT",
        "no-bzip2.bz2, NONE",
        "damaged.bz2, DAMAGED",
        "cut.bz2, CUT",
        "no-zstd.zst, NONE",
        "damaged.zst, DAMAGED",
        "cut.zst, CUT"
    })
    void aDamagedCompressedFileIsNamedInTheError(String name, String how) throws Exception {
        byte[] packed =
                name.endsWith(".gz") ? gzip(longText()) : name.endsWith(".zst") ? zstd(longText()) : bzip2(longText());
        int half = packed.length / 2;
        switch (how) {
            case "CUT" -> packed = Arrays.copyOf(packed, half);
            case "DAMAGED" -> Arrays.fill(packed, half, half + 100, (byte) 0x55);
            default -> packed = "BZh9 not packed at all".getBytes(StandardCharsets.UTF_8);
        }
        write(name, packed);
        Map<String, Object> job = apiClient.run("word-count", Map.of("input", "test/" + name));
        Map<String, Object> error = error(job);
        assertEquals("invalid_input", error.get("code"), error::toString);
        assertTrue(((String) error.get("message")).contains("test/" + name), error::toString);
        assertFalse(error.toString().contains(server.root().toString()), error::toString);
        assertEquals(error.get("message"), job.get("error_message"));
    }

    @Test
    void aLineOfTenMegabytesIsCounted() throws Exception {
        String input = input("longline.txt", "word ".repeat(2_000_000) + "x".repeat(1_000_000));
        Map<String, Object> job = count(Map.of("input", input));
        assertEquals(2_000_001L, summary(job).get("words"));
        assertEquals(2L, summary(job).get("distinct_words"));
        List<?> last = (List<?>) ((List<?>) summary(job).get("top")).get(1);
        assertEquals(200, ((String) last.get(0)).length(), "a word in the summary is cut");
    }

    @Test
    void bytesThatAreNotUtf8DoNotCrashAJob() throws Exception {
        write("bytes.txt", new byte[] {'a', ' ', (byte) 0xFF, (byte) 0xFE, ' ', 'a', ' ', (byte) 0xC3, '\n', 0, ' ', 'B'
        });
        Map<String, Object> job = count(Map.of("input", "test/bytes.txt"));
        assertEquals(6L, summary(job).get("words"));
        assertTrue(apiClient.csv((String) job.get("job_id")).startsWith("word,count\na,2\n"));
    }

    @Test
    void aFolderMeansItsDirectFilesAndTheLogTellsWhatIsPassedOver() throws Exception {
        Path folder =
                Files.createDirectories(server.root().resolve("folder/deeper")).getParent();
        Files.writeString(folder.resolve("a.txt"), "one two");
        Files.writeString(folder.resolve("b.txt"), "two");
        Files.writeString(folder.resolve("_c.txt"), "three");
        Files.writeString(folder.resolve("deeper/d.txt"), "four");
        Map<String, Object> job = count(Map.of("input", "test/folder"));
        assertEquals("word,count\ntwo,2\none,1\n", apiClient.csv((String) job.get("job_id")));
        String log = (String) job.get("log_preview");
        assertTrue(log.contains("Passed over: _c.txt"), log);
        assertTrue(log.contains("Passed over: deeper"), log);
        assertEquals(
                List.of(
                        "Passed over: _c.txt (names that begin with _ or a dot are not read)",
                        "Passed over: deeper (a folder; only the files directly in the input are read)"),
                job.get("warnings"));
        assertEquals(List.of(), count(Map.of("input", "test/folder/a.txt")).get("warnings"));
    }

    @Test
    void theLogOfAFailedJobHidesPathsAndAddresses() throws Exception {
        write("not gzip.gz", "plain".getBytes(StandardCharsets.UTF_8));
        Map<String, Object> job = apiClient.run("word-count", Map.of("input", "test/not gzip.gz"));
        assertEquals("invalid_input", error(job).get("code"));
        String log = (String) job.get("log_preview");
        assertTrue(log.contains("test/not gzip.gz") && log.contains("\tat "), log);
        for (String hidden : List.of(server.root().toString(), "file:/", "127.0.0.1")) {
            assertFalse(log.contains(hidden), hidden + " in " + log);
            assertFalse(job.toString().contains(hidden), hidden + " in " + job);
        }
    }

    @Test
    void filesWithUnusualNamesAreCounted() throws Exception {
        Path folder = Files.createDirectories(server.root().resolve("odd"));
        for (String name : List.of("a,b", "a:b", "a*b", "a?b", "a[b]", "a{b}", "a\\b", "a\nb", "a%20b", "a\u202Eb")) {
            Files.writeString(folder.resolve(name), "word ");
            Files.write(folder.resolve(name + ".GZ"), gzip("packed "));
        }
        Files.write(folder.resolve("pdf"), "%PDF-1.7 page".getBytes(StandardCharsets.US_ASCII));
        Files.write(folder.resolve("bomb.lz4"), new byte[19]);
        Map<String, Object> job = count(Map.of("input", "test/odd"));
        assertEquals("word,count\npacked,10\nword,10\n%pdf-1.7,1\npage,1\n", apiClient.csv((String) job.get("job_id")));
        assertEquals(21L, summary(job).get("files"));
        List<?> warnings = (List<?>) job.get("warnings");
        assertEquals(2, warnings.size(), warnings::toString);
        assertTrue(
                warnings.get(0).toString().startsWith("Passed over: bomb.lz4 (it is compressed"), warnings::toString);
        assertTrue(warnings.get(1).toString().startsWith("test/odd/pdf looks like a PDF"), warnings::toString);
    }

    @Test
    void compressedContentAndFailedJobsAreWarnedOfNonTextToo() throws Exception {
        byte[] tar = Arrays.copyOf("notes.txt".getBytes(StandardCharsets.US_ASCII), 512);
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        write("notes.tar.gz", gzip(new String(tar, StandardCharsets.ISO_8859_1)));
        assertEquals(
                List.of(
                        "What is packed in test/notes.tar.gz looks like a tar archive; its bytes are read as they are."),
                count(Map.of("input", "test/notes.tar.gz")).get("warnings"));

        Path folder = Files.createDirectories(server.root().resolve("zip"));
        Files.write(folder.resolve("a"), "PK\u0003\u0004 docx".getBytes(StandardCharsets.US_ASCII));
        Files.writeString(folder.resolve("b.gz"), "plain");
        Map<String, Object> failed = apiClient.run("word-count", Map.of("input", "test/zip"));
        assertEquals("invalid_input", error(failed).get("code"));
        List<?> warnings = (List<?>) failed.get("warnings");
        assertTrue(warnings.get(0).toString().startsWith("test/zip/a looks like a zip archive"), warnings::toString);
    }

    @Test
    void aNameThatLooksEscapedIsTakenLiterally() throws Exception {
        input("100% a+b#c%20d;e=f&g's~!@$^é.txt", "strange names");
        assertEquals(
                "word,count\nnames,1\nstrange,1\n", csvOf(Map.of("input", "test/100% a+b#c%20d;e=f&g's~!@$^é.txt")));
    }

    @Test
    void anInputThatVanishesOrIsReplacedByALinkHasTheSameMessage() throws Exception {
        String vanishing =
                apiClient.submit("word-count", Map.of("input", input("vanishing.txt", "here"), "delay_seconds", 1));
        String replaced =
                apiClient.submit("word-count", Map.of("input", input("replaced.txt", "here"), "delay_seconds", 1));
        Files.delete(server.root().resolve("vanishing.txt"));
        Files.delete(server.root().resolve("replaced.txt"));
        Files.createSymbolicLink(server.root().resolve("replaced.txt"), Path.of("/etc/passwd"));
        Map<String, Object> error = error(apiClient.awaitEnd(vanishing));
        assertEquals("input_not_found", error.get("code"));
        assertEquals(
                error.toString(), error(apiClient.awaitEnd(replaced)).toString().replace("replaced", "vanishing"));
    }
}
