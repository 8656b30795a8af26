package tinderbox.jobtype.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
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
        Datasets datasets = TestDatasets.of(Map.of("test", folder), new InputLimits(1L << 30, 1000));
        Attempt attempt = new Attempt(null, 1L << 30, ended -> {});
        attempt.open(folder, log);
        return new JobTypes(datasets, JobTypes.builtIn()).context(SparkSession.active(), attempt, "tester");
    }

    private static List<String> count(JobContext context, String input, TaskMemory taskMemory) throws Exception {
        List<String> emitted = new ArrayList<>();
        new WordCounter(context.input(input), new TokenNormalizer(false, false, 1), context, taskMemory)
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
                    count(context, "test/many.txt", TaskMemory.SHARE));
        }
        String log = Files.readString(folder.resolve("log.txt"));
        assertTrue(log.contains("counted in two stages"), log);
    }

    /**
     * The tables of tasks are tiny, so partitions are divided, some of them twice, because the file unpacks to a hundred
     * times its size; and the results exceed Spark's limit, so it takes several jobs to add them up.
     */
    @Test
    void partitionsThatOutgrowTheMemoryOfATaskAreDivided() throws Exception {
        Random random = new Random(1);
        String padding = "x".repeat(1_000);
        Map<String, Long> expected = new HashMap<>();
        try (Writer out = new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("tight.gz"))), StandardCharsets.UTF_8)) {
            for (int i = 0; i < 40_000; i++) {
                // Skewed: some words are frequent, and a few are longer than a whole table may be.
                int number = random.nextBoolean() ? random.nextInt(2, 20) : random.nextInt(20_000);
                String word = number % 7_000 == 1 ? "z".repeat(300_000) + number : padding + number;
                expected.merge(word, 1L, Long::sum);
                out.append(word).append('\n');
            }
        }
        try (JobLog log = new JobLog(folder, Clock.systemUTC(), 1 << 20);
                JobContext context = context(log)) {
            List<String> counted = count(context, "test/tight.gz", new TaskMemory(1 << 20));
            assertEquals(
                    expected.entrySet().stream()
                            .sorted(Map.Entry.<String, Long>comparingByValue()
                                    .reversed()
                                    .thenComparing(Map.Entry.comparingByKey()))
                            .map(entry -> entry.getKey() + " " + entry.getValue())
                            .toList(),
                    counted);
        }
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

    private static int countResults(long maxQueuedBytes, long maxTotalBytes) throws Exception {
        int count = 0;
        try (StreamingTaskResults results = new StreamingTaskResults(
                tenTasksOfAKilobyte(), IntStream.range(0, 10).toArray(), maxQueuedBytes, maxTotalBytes)) {
            while (results.next() != null) {
                count++;
            }
            assertEquals(count < 10, results.overflowed(), "dropped results are reported");
            assertEquals(1 << 10, results.averageBytes());
        }
        return count;
    }

    @Test
    void taskResultsAreBoundedByBytes() throws Exception {
        assertEquals(10, countResults(10 << 10, 10 << 10));
        int count = countResults(10 << 10, 5 << 10);
        assertTrue(1 <= count && count <= 5, () -> count + " results");
        assertTrue(countResults(1, Long.MAX_VALUE) >= 1);
    }
}
