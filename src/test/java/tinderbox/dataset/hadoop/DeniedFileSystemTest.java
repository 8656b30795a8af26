package tinderbox.dataset.hadoop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.AbstractFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** What a job can reach in the real session. */
class DeniedFileSystemTest {
    private static final Pattern BY_SETTING = Pattern.compile("fs\\.(?:AbstractFileSystem\\.)?([a-z0-9]+)\\.impl");

    private final Configuration session = SparkSession.active().sparkContext().hadoopConfiguration();

    @BeforeAll
    static void startSpark() {
        new ApiClient(TestServer.shared()).run("word-count", Map.of());
    }

    /** The schemes of all file systems that Hadoop finds, as services and in its settings. */
    private Set<String> registered() {
        Set<String> schemes = new TreeSet<>();
        for (FileSystem system : ServiceLoader.load(FileSystem.class)) {
            schemes.add(system.getScheme());
        }
        for (Map.Entry<String, String> setting : new Configuration()) {
            Matcher matcher = BY_SETTING.matcher(setting.getKey());
            if (matcher.matches()) {
                schemes.add(matcher.group(1));
            }
        }
        return schemes;
    }

    private static void assertDenied(String scheme, Executable opening) {
        Throwable refusal = assertThrows(Exception.class, opening, scheme);
        while (refusal.getCause() != null) {
            refusal = refusal.getCause();
        }
        assertEquals(UnsupportedFileSystemException.class, refusal.getClass(), scheme);
        assertEquals(
                "Jobs on this server read datasets, and nothing from " + scheme
                        + ":// addresses; ask the operator to copy the data to a root",
                refusal.getMessage());
    }

    @Test
    void noFileSystemOfTheNetworkCanBeOpenedWithSparksSettingsOrWithoutAny() {
        Set<String> schemes = registered();
        assertTrue(
                schemes.containsAll(List.of("file", "http", "https", "ftp", "hdfs", "viewfs", "s3a")),
                schemes::toString);
        schemes.remove("file");
        schemes.add("sftp");
        for (String scheme : schemes) {
            URI uri = URI.create(scheme + "://127.0.0.1/x");
            for (Configuration configuration : List.of(session, new Configuration())) {
                assertDenied(scheme, () -> FileSystem.newInstance(uri, configuration));
                assertDenied(scheme, () -> AbstractFileSystem.get(uri, configuration));
            }
        }
    }

    @Test
    void unknownSchemesCannotBeOpened() {
        for (String scheme : List.of("data", "jar", "gopher", "s3n")) {
            assertThrows(
                    UnsupportedFileSystemException.class,
                    () -> FileSystem.newInstance(URI.create(scheme + "://127.0.0.1/x"), session));
        }
    }

    @Test
    void aQueryCannotReadAnAddress() {
        String address = TestServer.shared().uri("/livez").toString();
        assertDenied("http", () -> SparkSession.active().read().text(address).count());
    }
}
