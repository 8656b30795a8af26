package tinderbox.dataset.hadoop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.dataset.Dataset;
import tinderbox.jobtype.InputReader;
import tinderbox.jobtype.JobContext;
import tinderbox.support.ApiClient;
import tinderbox.support.LambdaJob;
import tinderbox.support.TestServer;

/** Planted job types read datasets through Spark's sources, and with the reader of the context. */
class DatasetSourcesTest {
    private static final TestServer SERVER = TestServer.shared();

    /** Names that Hadoop or Spark would interpret, or that need an escape. */
    private static final List<String> ODD_NAMES = List.of(
            "a b.txt",
            "a#b.txt",
            "100%.txt",
            "a%20b.txt",
            "a:b.txt",
            "a*b.txt",
            "a?b.txt",
            "a[1].txt",
            "a{1,2}.txt",
            "a,b.txt",
            "a\\b.txt",
            "a\nb.txt",
            "a+b&c=d;e@f.txt",
            "~a'b\"c.txt",
            "Wörter \uD83D\uDE00.txt");

    private static final String BOMB_LINE = "x".repeat(99) + "\n";

    private static Path folder;

    private final ApiClient apiClient = new ApiClient(SERVER);

    @BeforeAll
    static void writeFiles() throws IOException {
        folder = Files.createDirectories(SERVER.root().resolve("sources"));
        Path odd = Files.createDirectories(SERVER.root().resolve("sources/odd"));
        for (String name : ODD_NAMES) {
            Files.writeString(odd.resolve(name), name.replace('\n', ' ') + "\n");
        }
        for (String hidden : List.of("_hidden.txt", ".hidden.txt", "refused.snappy")) {
            Files.writeString(odd.resolve(hidden), "hidden\n");
        }
        Files.createDirectories(odd.resolve("deeper"));
        Files.writeString(odd.resolve("deeper/deep.txt"), "deep\n");
        Files.createSymbolicLink(odd.resolve("away.txt"), Path.of("/etc/hostname"));
        for (String ending : List.of("gz", "bz2", "zst")) {
            try (OutputStream out = compressed("bomb.txt." + ending)) {
                for (int i = 0; i < 200_000; i++) {
                    out.write(BOMB_LINE.getBytes(StandardCharsets.UTF_8));
                }
            }
            try (OutputStream out = compressed("lines.txt." + ending)) {
                out.write("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
            }
        }
        Files.write(folder.resolve("damaged.txt.gz"), new byte[] {0x1F, (byte) 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7});
    }

    private static OutputStream compressed(String name) throws IOException {
        OutputStream file = Files.newOutputStream(folder.resolve(name));
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "gz" -> new GZIPOutputStream(file);
            case "bz2" -> new BZip2CompressorOutputStream(file);
            default -> new ZstdOutputStream(file);
        };
    }

    /** How a planted job type reads a dataset; returns its lines. */
    private interface Way {
        List<String> read(Dataset input, JobContext context) throws Exception;
    }

    private static List<String> byText(Dataset input, JobContext context) {
        return context.spark()
                .read()
                .textFile(input.addresses().toArray(String[]::new))
                .collectAsList();
    }

    private static List<String> byTextFile(Dataset input, JobContext context) {
        return JavaSparkContext.fromSparkContext(context.spark().sparkContext())
                .textFile(String.join(",", input.addresses()))
                .collect();
    }

    private static List<String> byFolder(Dataset input, JobContext context) {
        return context.spark().read().textFile("tb:///" + input.path()).collectAsList();
    }

    private static List<String> byReader(Dataset input, JobContext context) throws IOException {
        return lines(input.files(), context.reader(input));
    }

    private static List<String> byReaderInTasks(Dataset input, JobContext context) {
        InputReader reader = context.reader(input);
        return JavaSparkContext.fromSparkContext(context.spark().sparkContext())
                .parallelize(input.files(), 2)
                .flatMap(file -> lines(List.of(file), reader).iterator())
                .collect();
    }

    private static List<String> lines(List<Dataset.File> files, InputReader reader) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Dataset.File file : files) {
            try (InputStream in = reader.open(file)) {
                text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return text.toString().lines().toList();
    }

    private static Stream<Way> waysInTasks() {
        return Stream.of(
                DatasetSourcesTest::byText,
                DatasetSourcesTest::byTextFile,
                DatasetSourcesTest::byFolder,
                DatasetSourcesTest::byReaderInTasks);
    }

    static Stream<Way> ways() {
        return Stream.concat(waysInTasks(), Stream.of(DatasetSourcesTest::byReader));
    }

    private Map<String, Object> run(String input, Way way) {
        return LambdaJob.run(apiClient, context -> {
            List<String> lines = way.read(context.input(input), context);
            return Map.of("lines", String.join("\n", new TreeSet<>(lines)), "count", lines.size());
        });
    }

    private void assertReads(String input, List<String> lines, Way way) {
        Map<String, Object> job = run(input, way);
        assertEquals(
                Map.of("lines", String.join("\n", new TreeSet<>(lines)), "count", (long) lines.size()),
                job.get("summary"),
                () -> "error: " + job.get("error"));
    }

    private static void assertFails(String code, String message, Map<String, Object> job) {
        Map<?, ?> error = (Map<?, ?>) job.get("error");
        assertEquals(code + ": " + message, error.get("code") + ": " + error.get("message"), error::toString);
        assertFalse(job.toString().contains(SERVER.root().toString()), job::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "json", "text", "parquet", "orc"})
    void eachSourceOfSparkReadsAFile(String format) throws Exception {
        Path file = folder.resolve("two." + format);
        Files.deleteIfExists(file);
        Map<String, Object> written = LambdaJob.run(apiClient, context -> {
            Path parts = context.scratch().resolve("parts");
            context.spark()
                    .sql("SELECT id || ' rows' AS value FROM range(2)")
                    .coalesce(1)
                    .write()
                    .format(format)
                    .save(parts.toString());
            try (var each = Files.newDirectoryStream(parts, "part-*")) {
                Files.copy(each.iterator().next(), file);
            }
            return Map.of();
        });
        assertEquals("SUCCEEDED", written.get("status"), () -> "error: " + written.get("error"));
        assertReads(
                "test/sources/two." + format,
                List.of("0 rows", "1 rows"),
                (input, context) -> context.spark()
                        .read()
                        .format(format)
                        .load(input.addresses().toArray(String[]::new))
                        .as(Encoders.STRING())
                        .collectAsList());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void eachWayReadsFilesWithOddNamesAndNoOthers(Way way) {
        assertReads(
                "test/sources/odd",
                ODD_NAMES.stream().map(name -> name.replace('\n', ' ')).toList(),
                way);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gz", "bz2", "zst"})
    void eachWayDecompresses(String ending) {
        for (Way way : ways().toList()) {
            assertReads("test/sources/lines.txt." + ending, List.of("one", "two"), way);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gz", "bz2", "zst"})
    void aBombFailsEachWay(String ending) {
        for (Way way : ways().toList()) {
            assertFails(
                    "limit_exceeded",
                    "The file test/sources/bomb.txt." + ending + " unpacks to more than 200 times its size",
                    run("test/sources/bomb.txt." + ending, way));
        }
    }

    @Test
    void allFilesOfAStageCountTogether() {
        Way both = (input, context) -> context.spark()
                .read()
                .option("fs.tb.max-input-bytes", "12")
                .textFile("tb:///test/sources/lines.txt.gz", "tb:///test/sources/lines.txt.zst")
                .coalesce(1)
                .collectAsList();
        Map<?, ?> error = (Map<?, ?>) run("test/sources/lines.txt.gz", both).get("error");
        assertEquals("limit_exceeded", error.get("code"), error::toString);
    }

    @Test
    void aDamagedFileIsNamed() {
        for (Way way : ways().toList()) {
            Map<?, ?> error =
                    (Map<?, ?>) run("test/sources/damaged.txt.gz", way).get("error");
            assertEquals("invalid_input", error.get("code"), error::toString);
            assertEquals(
                    "The file test/sources/damaged.txt.gz cannot be read: ",
                    error.get("message").toString().substring(0, 53),
                    error::toString);
        }
    }

    @Test
    void aLinkThatReplacesAFileIsNotFollowed() throws IOException {
        Path file = folder.resolve("swapped.txt");
        for (Way way : ways().toList()) {
            Files.deleteIfExists(file);
            Files.writeString(file, "mine\n");
            Map<String, Object> job = run("test/sources/swapped.txt", (input, context) -> {
                Files.delete(file);
                Files.createSymbolicLink(file, Path.of("/etc/hostname"));
                return way.read(input, context);
            });
            Map<?, ?> error = (Map<?, ?>) job.get("error");
            assertEquals("input_not_found", error.get("code"), error::toString);
        }
    }

    @Test
    void aLinkThatReplacesAFileAfterSparkHasPlannedIsNotFollowed() throws IOException {
        Path file = Files.writeString(folder.resolve("planned.txt"), "mine\n");
        Map<String, Object> job = run("test/sources/planned.txt", (input, context) -> {
            var lines = context.spark().read().textFile(input.addresses().get(0));
            lines.queryExecution().executedPlan();
            Files.delete(file);
            Files.createSymbolicLink(file, Path.of("/etc/hostname"));
            return lines.collectAsList();
        });
        assertFails(
                "input_not_found",
                "The file test/sources/planned.txt was there when the job was accepted, but is no longer",
                job);
    }

    @ParameterizedTest
    @CsvSource({
        "tb:///test/sources/_hidden.txt",
        "tb:///test/sources/.hidden.txt",
        "tb:///test/sources/odd/away.txt",
        "tb:///test/../data/lock",
        "tb:///test/%2e%2e/data/lock",
        "tb:///test/sources%2f..%2f../lock",
        "tb:///test/%00",
        "tb:///nowhere/a.txt",
        "tb:///"
    })
    void anAddressThatIsNoDatasetIsNotFound(String address) {
        Map<String, Object> job = LambdaJob.run(
                apiClient,
                context -> Map.of("read", context.spark().read().text(address).count()));
        assertEquals("FAILED", job.get("status"), job::toString);
        assertFalse(job.toString().contains(SERVER.root().toString()), job::toString);
    }

    /** As a job type does that reads ahead in a thread of its own. */
    private static List<String> byAnotherThread(Dataset input, JobContext context) {
        InputReader reader = context.reader(input);
        return JavaSparkContext.fromSparkContext(context.spark().sparkContext())
                .parallelize(input.files(), 1)
                .flatMap(file -> {
                    try (InputStream in = reader.open(file)) {
                        byte[] content = CompletableFuture.supplyAsync(() -> {
                                    try {
                                        return in.readAllBytes();
                                    } catch (IOException e) {
                                        throw new UncheckedIOException(e);
                                    }
                                })
                                .get();
                        return new String(content, StandardCharsets.UTF_8)
                                .lines()
                                .iterator();
                    }
                })
                .collect();
    }

    @Test
    void outsideOfTasksEachFileHasALimitOfItsOwn() {
        Way way = (input, context) -> {
            Configuration hadoop =
                    new Configuration(context.spark().sparkContext().hadoopConfiguration());
            hadoop.set("fs.tb.max-input-bytes", "12");
            org.apache.hadoop.fs.Path file =
                    new org.apache.hadoop.fs.Path(input.addresses().get(0));
            CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(file);
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                try (InputStream in =
                        codec.createInputStream(file.getFileSystem(hadoop).open(file))) {
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .forEach(lines::add);
                }
            }
            return lines;
        };
        assertReads("test/sources/lines.txt.gz", List.of("one", "two", "one", "two"), way);
    }

    @Test
    void anAddressWithTooFewSlashesIsExplained() {
        Map<String, Object> job = LambdaJob.run(
                apiClient,
                context -> Map.of(
                        "read", context.spark().read().text("tb://test/a.txt").count()));
        assertFails("job_error", "The address tb://test/a.txt has one slash too few", job);
        assertEquals("the job type writes tb:///test/a.txt", ((Map<?, ?>) job.get("error")).get("hint"));
    }

    @Test
    void compressedBytesAreNotReadAsText() throws IOException {
        Path links = Files.createDirectories(folder.resolve("links"));
        Path link = links.resolve("plain.txt");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, folder.resolve("lines.txt.gz"));
        Map<String, Object> job = run("test/sources/links", DatasetSourcesTest::byFolder);
        assertEquals("FAILED", job.get("status"), job::toString);
        assertReads("test/sources/links", List.of("one", "two"), DatasetSourcesTest::byText);
        assertReads("test/sources/links", List.of("one", "two"), DatasetSourcesTest::byReader);
    }

    @Test
    void datasetsCannotBeWritten() {
        assertFails("job_error", "Datasets are read-only for jobs", LambdaJob.run(apiClient, context -> {
            context.spark().range(1).write().csv("tb:///test/sources/written");
            return Map.of();
        }));
    }

    @ParameterizedTest
    @ValueSource(strings = {"odd", "lines.txt.zst"})
    void whatIsReadCountsAsRead(String name) {
        for (Way way : Stream.concat(waysInTasks(), Stream.of(DatasetSourcesTest::byAnotherThread))
                .toList()) {
            Map<?, ?> progress = (Map<?, ?>) run("test/sources/" + name, way).get("progress");
            assertEquals(progress.get("bytes_total"), progress.get("bytes_read"), progress::toString);
        }
    }
}
