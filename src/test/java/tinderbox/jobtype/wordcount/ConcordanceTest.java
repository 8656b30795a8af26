package tinderbox.jobtype.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tinderbox.dataset.InputLimits;
import tinderbox.job.dispatch.Attempt;
import tinderbox.job.log.JobLog;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobTypes;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;
import tinderbox.support.TestDatasets;
import tinderbox.support.TestServer;

class ConcordanceTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final ApiClient API = new ApiClient(SERVER);

    @TempDir
    Path folder;

    @BeforeAll
    static void startSpark() {
        API.run("word-count", Map.of());
    }

    private static Map<String, Object> run(Map<String, Object> params) {
        Map<String, Object> job = API.run("concordance", params);
        assertEquals("SUCCEEDED", job.get("status"), () -> String.valueOf(job));
        return job;
    }

    private static String csv(Map<String, Object> job) {
        return API.csv((String) job.get("job_id"));
    }

    private static Map<?, ?> summary(Map<String, Object> job) {
        return (Map<?, ?>) job.get("summary");
    }

    @ParameterizedTest
    @CsvSource({
        "false, false, the",
        "true, false, The",
        "false, true, whale",
        "true, true, Ishmael",
        "false, true, captain’s"
    })
    void thereAreAsManyOccurrencesAsTheWordCountCounts(boolean caseSensitive, boolean strip, String word) {
        Map<String, Object> rules =
                Map.of("input", "samples/moby-dick.txt", "case_sensitive", caseSensitive, "strip_punctuation", strip);
        Map<String, Object> found = new HashMap<>(rules);
        found.putAll(Map.of("word", word, "max_rows", 10_000, "context", 0));
        Map<String, Object> job = run(found);

        long count = API.csv((String) API.run("word-count", rules).get("job_id"))
                .lines()
                .filter(line -> line.startsWith(word + ","))
                .mapToLong(line -> Long.parseLong(line.substring(word.length() + 1)))
                .sum();
        assertTrue(count > 0, word);
        assertEquals(count, summary(job).get("occurrences"));
        assertEquals(Math.min(count, 10_000), csv(job).lines().count() - 1);
    }

    @Test
    void aRowHasTheLineAroundTheWordAndItsNumber() throws Exception {
        Path texts = Files.createDirectories(SERVER.root().resolve("concordance"));
        Files.writeString(
                texts.resolve("a.txt"), "\uFEFFWhale, ahoy!\r\n\n  The white\twhale; a “WHALE”.\nno whaler here");
        Files.write(texts.resolve("b.txt.gz"), gzip("one\ntwo\n(whale)"));
        Files.writeString(texts.resolve("c.txt"), "none\n");

        Map<String, Object> job =
                run(Map.of("input", "test/concordance", "word", "Whale", "strip_punctuation", true, "context", 12));

        assertEquals("""
                left,word,right,file,line
                "",Whale,", ahoy!",test/concordance/a.txt,1
                The white ,whale,; a “WHALE”.,test/concordance/a.txt,3
                whale; a “,WHALE,”.,test/concordance/a.txt,3
                (,whale,),test/concordance/b.txt.gz,3
                """, csv(job));
        Map.of("ahoy", 1L, "WHITE%20Whale;%20a", 1L, "none", 0L, "a.txt", 0L).forEach((text, rows) -> {
            Map<String, Object> found = API.get("/api/v1/jobs/" + job.get("job_id") + "/result?q=" + text);
            assertEquals(rows, found.get("total"), text);
        });
        assertEquals(
                List.of(4L, 2L, 3L),
                List.of(
                        summary(job).get("occurrences"),
                        summary(job).get("files_with_word"),
                        summary(job).get("files")));
        assertEquals("Whale in test/concordance", job.get("name"));
    }

    private static byte[] gzip(String text) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void onlySoManyRowsButAllAreCounted() {
        Map<String, Object> job = run(Map.of("input", "samples/moby-dick.txt", "word", "of", "max_rows", 3));

        assertEquals(6398L, summary(job).get("occurrences"));
        assertEquals(4, csv(job).lines().count());
        assertEquals(
                List.of("The word occurs 6,398 times; the result has the first 3 (max_rows)."), job.get("warnings"));
    }

    @Test
    void aWordThatDoesNotOccurHasNoRows() {
        Map<String, Object> job = run(Map.of("word", "xyzzy"));

        assertEquals("The word does not occur in the input.", summary(job).get("empty_reason"));
        assertEquals("left,word,right,file,line\n", csv(job));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'two words' | false | must be one word, without white space",
                "'' | false | must be one word, without white space",
                "…! | true | must have a letter or a digit, because punctuation is stripped"
            })
    void whatIsNotOneWordIsRefused(String word, boolean strip, String problem) {
        Map<String, Object> body =
                Map.of("type", "concordance", "params", Map.of("word", word, "strip_punctuation", strip));
        HttpResponse<byte[]> response = API.send(API.request("/api/v1/jobs")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))
                .header("Content-Type", "application/json")
                .build());

        assertEquals(422, response.statusCode());
        assertTrue(new String(response.body(), StandardCharsets.UTF_8).contains(problem), problem);
    }

    private JobContext context(JobLog log) throws Exception {
        Attempt attempt = new Attempt(null, 1L << 30, ended -> {});
        attempt.open(folder, log);
        return new JobTypes(
                        TestDatasets.of(Map.of("test", folder), new InputLimits(1L << 30, 1000)), JobTypes.builtIn())
                .context(SparkSession.active(), attempt, "tester");
    }

    private static List<String> find(JobContext context, int maxRows, int firstRows) {
        List<String> found = new ArrayList<>();
        SearchedWord word = new SearchedWord(new TokenNormalizer(false, false, 1), "hit");
        WordFinder.Totals totals = new WordFinder(context.input("test/many.txt"), context, firstRows)
                .find(word, 3, maxRows, (file, line, occurrence) -> found.add(line + " " + occurrence.left()));
        assertEquals(1 + 400_000 / 10, totals.occurrences());
        return found;
    }

    /** The file has several tasks. With a small share of the rows for each, the first of them have to run again. */
    @Test
    void theFirstOccurrencesAreTheSameIfTasksRunAgain() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int line = 0; line <= 400_000; line++) {
            text.append(line % 10 == 0 ? line + " hit\n" : line + " miss\n");
        }
        Files.writeString(folder.resolve("many.txt"), text);
        try (JobLog log = new JobLog(folder, Clock.systemUTC(), 1 << 20);
                JobContext context = context(log)) {
            List<String> first = find(context, 25_000, 1_000_000);
            assertEquals(25_000, first.size());
            assertEquals("1 0 ", first.get(0));
            assertEquals("249991 90 ", first.get(24_999).replaceAll(" \\d*(\\d\\d )$", " $1"));
            assertEquals(first, find(context, 25_000, 10));
            assertTrue(Files.readString(folder.resolve("log.txt")).contains("reading lines"));

            context.cancel();
            assertThrows(CancellationException.class, () -> find(context, 1, 10));
        }
    }
}
