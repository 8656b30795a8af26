package tinderbox.dataset.hadoop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.dataset.Dataset;
import tinderbox.support.ApiClient;
import tinderbox.support.ScriptedJob;
import tinderbox.support.TestServer;

/** Planted job types read a dataset through Spark's sources. */
class DatasetSourcesTest {
    private static final TestServer SERVER = TestServer.shared();

    private final ApiClient apiClient = new ApiClient(SERVER);

    private static Path folder;

    @BeforeAll
    static void folder() throws Exception {
        folder = Files.createDirectories(SERVER.root().resolve("sources"));
    }

    private interface Read {
        Object read(SparkSession spark, String[] addresses);
    }

    private Map<String, Object> run(String input, Read read) {
        return ScriptedJob.run(apiClient, context -> {
            Dataset dataset = context.input(input);
            return Map.of(
                    "read",
                    read.read(context.spark(), dataset.addresses().toArray(String[]::new))
                            .toString());
        });
    }

    private void assertReads(Object expected, String input, Read read) {
        Map<String, Object> job = run(input, read);
        assertEquals(Map.of("read", expected), job.get("summary"), () -> "error: " + job.get("error"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "json", "text", "parquet", "orc"})
    void sparksSourceReadsAFile(String format) throws Exception {
        Path file = folder.resolve("two." + format);
        Map<String, Object> written = ScriptedJob.run(apiClient, context -> {
            Path scratch = context.scratch().resolve("out");
            context.spark()
                    .sql("SELECT id || ' rows' AS value FROM range(2)")
                    .coalesce(1)
                    .write()
                    .format(format)
                    .save(scratch.toString());
            try (var parts = Files.newDirectoryStream(scratch, "part-*")) {
                Files.copy(parts.iterator().next(), file);
            }
            return Map.of();
        });
        assertEquals("SUCCEEDED", written.get("status"), () -> "error: " + written.get("error"));
        assertReads(
                "[[0 rows], [1 rows]]",
                "test/sources/two." + format,
                (spark, addresses) ->
                        spark.read().format(format).load(addresses).collectAsList());
    }
}
