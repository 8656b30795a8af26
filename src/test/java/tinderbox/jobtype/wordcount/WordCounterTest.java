package tinderbox.jobtype.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.InputLimits;
import tinderbox.job.dispatch.Attempt;
import tinderbox.job.log.JobLog;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobTypes;
import tinderbox.support.ApiClient;
import tinderbox.support.TestDatasets;
import tinderbox.support.TestServer;

/** A small {@code spark.driver.maxResultSize} makes many words too many for one stage. */
class WordCounterTest {
    private static final int WORDS = 6_000;
    private static final int TIMES = 150;

    private static final TestServer SERVER = TestServer.shared();

    @TempDir
    Path folder;

    @BeforeAll
    static void limitTaskResults() {
        SERVER.restart(Map.of("spark.driver.maxResultSize", "300k"));
        new ApiClient(SERVER).run("word-count", Map.of());
    }

    @AfterAll
    static void restoreLimit() {
        SERVER.restart();
    }

    /** Writes the same words for each of several tasks. */
    private void writeManyWords() throws Exception {
        String words = IntStream.range(0, WORDS).mapToObj(i -> "word" + i).collect(Collectors.joining(" ", "", "\n"));
        Files.writeString(folder.resolve("many.txt"), words.repeat(TIMES));
    }

    private JobContext context(JobLog log) throws Exception {
        Datasets datasets = TestDatasets.of(Map.of("test", folder), new InputLimits(1L << 30, 200));
        Attempt attempt = new Attempt(null, 1L << 30, ended -> {});
        attempt.open(folder, log);
        return new JobTypes(datasets, JobTypes.builtIn()).context(SparkSession.active(), attempt);
    }

    private static List<String> count(JobContext context, String input) throws Exception {
        List<String> emitted = new ArrayList<>();
        new WordCounter(context.input(input), new TokenNormalizer(false, false, 1), context)
                .count((bytes, from, length, count) ->
                        emitted.add(new String(bytes, from, length, StandardCharsets.UTF_8) + " " + count));
        return emitted;
    }

    @Test
    void ifTaskResultsExceedSparksLimitThereAreTwoStages() throws Exception {
        writeManyWords();
        try (JobLog log = new JobLog(folder, Clock.systemUTC(), 1 << 20);
                JobContext context = context(log)) {
            assertEquals(
                    IntStream.range(0, WORDS)
                            .mapToObj(i -> "word" + i + " " + TIMES)
                            .sorted()
                            .toList(),
                    count(context, "test/many.txt"));
        }
        String log = Files.readString(folder.resolve("log.txt"));
        assertTrue(log.contains("counted in two stages"), log);
    }

    private void assertStopsWhileItEmits(String input, boolean inTwoStages) throws Exception {
        List<String> emitted = new ArrayList<>();
        try (JobLog log = new JobLog(folder, Clock.systemUTC(), 1 << 20);
                JobContext context = context(log)) {
            WordCounter counter = new WordCounter(context.input(input), new TokenNormalizer(false, false, 1), context);
            assertThrows(
                    CancellationException.class,
                    () -> counter.count((bytes, from, length, count) -> {
                        emitted.add(new String(bytes, from, length, StandardCharsets.UTF_8));
                        context.cancel();
                    }));
        }
        assertEquals(1, emitted.size(), "words emitted");
        assertEquals(inTwoStages, Files.readString(folder.resolve("log.txt")).contains("counted in two stages"));
    }

    @Test
    void aJobThatIsCancelledWhileItEmitsWordsStops() throws Exception {
        Files.writeString(folder.resolve("few.txt"), "a few words");
        assertStopsWhileItEmits("test/few.txt", false);
    }

    @Test
    void aJobThatIsCancelledWhileItMergesRunsStops() throws Exception {
        writeManyWords();
        assertStopsWhileItEmits("test/many.txt", true);
    }

    private static JavaRDD<byte[]> tenTasksOfAKilobyte() {
        return JavaSparkContext.fromSparkContext(SparkSession.active().sparkContext())
                .parallelize(IntStream.range(0, 10).boxed().toList(), 10)
                .map(i -> new byte[1 << 10]);
    }

    private static int countResults(StreamingTaskResults results) throws Exception {
        int count = 0;
        StreamingTaskResults.TaskResult next = results.next();
        while (next != null && !next.hasTooManyWords()) {
            count++;
            next = results.next();
        }
        assertEquals(count < 10, next != null, "dropped results are reported");
        return count;
    }

    @Test
    void taskResultsAreBoundedByBytes() throws Exception {
        try (StreamingTaskResults results = StreamingTaskResults.bounded(tenTasksOfAKilobyte(), 10 << 10, 10 << 10)) {
            assertEquals(10, countResults(results));
            assertNull(results.next());
        }
        try (StreamingTaskResults results = StreamingTaskResults.bounded(tenTasksOfAKilobyte(), 10 << 10, 5 << 10)) {
            assertTrue(countResults(results) <= 5);
        }
        try (StreamingTaskResults results = StreamingTaskResults.bounded(tenTasksOfAKilobyte(), 1, Long.MAX_VALUE)) {
            assertEquals(0, countResults(results));
        }
    }
}
