package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.RandomAccessFile;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Counts more distinct words than fit into a small heap. An input that exceeds a limit fails its job, and the server
 * continues.
 */
class ManyWordsIT {
    private static final int WORDS = 2_000_000;
    /** How many words occur twice: at the beginning and at the end. */
    private static final int TWICE = 100;

    @TempDir
    static Path base;

    private static Path root;
    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        root = Files.createDirectories(base.resolve("many"));
        server = ServerProcess.on(base.resolve("data"))
                .with("--root", "many=" + root)
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A word for each number, in an unrelated order. */
    private static String word(int number) {
        return new StringBuilder(Integer.toString(number + 100_000_000, 36))
                .reverse()
                .toString();
    }

    private static void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < WORDS + TWICE; i++) {
            text.append(word(i % WORDS)).append(i % 10 == 9 ? '\n' : ' ');
        }
        Files.writeString(file, text);
    }

    private static List<String> expected() {
        return IntStream.range(0, WORDS)
                .mapToObj(i -> word(i) + (i < TWICE ? ",2" : ",1"))
                .sorted(Comparator.<String>comparingInt(line -> -line.charAt(line.length() - 1))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    @Test
    void manyWordsAreCountedInTwoStages() throws Exception {
        write(root.resolve("words.txt"));
        Map<String, Object> job = server.apiClient().run("word-count", Map.of("input", "many/words.txt"));
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        String log = job.get("log_preview").toString();
        assertTrue(log.contains("counted in two stages"), log);
        Map<?, ?> summary = (Map<?, ?>) job.get("summary");
        assertEquals((long) WORDS + TWICE, summary.get("words"));
        assertEquals((long) WORDS, summary.get("distinct_words"));
        List<String> lines =
                server.apiClient().csv(job.get("job_id").toString()).lines().toList();
        assertEquals(expected(), lines.subList(1, lines.size()));
        Map<?, ?> progress = (Map<?, ?>) job.get("progress");
        assertEquals(progress.get("bytes_total"), progress.get("bytes_read"));
        assertTrue((Long) progress.get("shuffle_write_bytes") > WORDS, progress::toString);
        try (var left = Files.list(base.resolve("data/spark"))) {
            assertEquals(
                    0,
                    left.filter(folder -> folder.getFileName().toString().startsWith("blockmgr"))
                            .mapToLong(ManyWordsIT::files)
                            .sum(),
                    "shuffle files are deleted");
        }
    }

    /** Long words with a common prefix: a file of 3 MB has 400 MB of them. */
    @Test
    void highlyCompressedWordsAreCounted() throws Exception {
        int words = 1_000_000;
        String begin = "x".repeat(400);
        try (Writer out = new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(root.resolve("tight.gz")), 1 << 16),
                StandardCharsets.US_ASCII)) {
            for (int i = 0; i < words + TWICE; i++) {
                out.append(begin).append(word(i % words)).append('\n');
            }
        }
        Map<String, Object> job =
                server.apiClient().run("word-count", Map.of("input", "many/tight.gz", "min_count", 2));
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        Map<?, ?> summary = (Map<?, ?>) job.get("summary");
        assertEquals((long) words + TWICE, summary.get("words"));
        assertEquals((long) words, summary.get("distinct_words"));
        List<String> lines =
                server.apiClient().csv(job.get("job_id").toString()).lines().toList();
        assertEquals(
                IntStream.range(0, TWICE)
                        .mapToObj(i -> begin + word(i) + ",2")
                        .sorted()
                        .toList(),
                lines.subList(1, lines.size()));
    }

    private static Map<?, ?> failure(String input) {
        Map<String, Object> job = server.apiClient().run("word-count", Map.of("input", input));
        assertEquals("FAILED", job.get("status"), job::toString);
        return (Map<?, ?>) job.get("error");
    }

    @Test
    void aLineOfTenGigabytesWithoutABlankFailsItsJob() throws Exception {
        try (RandomAccessFile sparse =
                new RandomAccessFile(root.resolve("line.txt").toFile(), "rw")) {
            sparse.setLength(10L << 30);
        }
        Map<?, ?> error = failure("many/line.txt");
        assertEquals("limit_exceeded", error.get("code"), error::toString);
        assertEquals(
                "The file many/line.txt has a word longer than 16777216 bytes, the most that the memory of this server"
                        + " allows",
                error.get("message"));
    }

    @Test
    void twoGigabytesInTwoMegabytesFailTheirJob() throws Exception {
        ByteArrayOutputStream member = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(member)) {
            byte[] blanks = new byte[1 << 20];
            Arrays.fill(blanks, (byte) ' ');
            for (int i = 0; i < 64; i++) {
                out.write(blanks);
            }
        }
        try (OutputStream out = Files.newOutputStream(root.resolve("bomb.gz"))) {
            for (int i = 0; i < 32; i++) {
                member.writeTo(out);
            }
        }
        Map<?, ?> error = failure("many/bomb.gz");
        assertEquals("limit_exceeded", error.get("code"), error::toString);
        assertEquals("The file many/bomb.gz unpacks to more than 200 times its size", error.get("message"));
    }

    private static long files(Path folder) {
        try (var all = Files.walk(folder)) {
            return all.filter(file -> file.getFileName().toString().startsWith("shuffle_"))
                    .count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
