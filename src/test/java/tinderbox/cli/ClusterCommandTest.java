package tinderbox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code master}, {@code worker} and a server refuse about a cluster before anything starts. */
class ClusterCommandTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    private CliRun run(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--data-dir", folder.resolve("data").toString()));
        return CliRun.of(all.toArray(String[]::new));
    }

    private String secret(String permissions, String content) throws IOException {
        Path file = folder.resolve("secret");
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "worker|URL",
                "worker http://127.0.0.1:7077|such as spark://10.0.0.5:7077",
                "worker spark://127.0.0.1|such as spark://10.0.0.5:7077",
                "worker spark://127.0.0.1:70000|such as spark://10.0.0.5:7077",
                "worker spark://127.0.0.1:7077 --cores 0|--cores: 0 must be",
                "worker spark://127.0.0.1:7077 --memory 100MiB|at least 512MiB",
                "worker spark://127.0.0.1:7077 --memory 2g|such as 700MiB or 6GiB",
                "master --port 80|must be 0, for any free port, or from 1024 to 65535",
                "master --port x|--port",
                "master --host 0.0.0.0 --insecure-cluster|the one address",
                "master --host 0 --insecure-cluster|the one address",
                "worker spark://127.0.0.1:7077 --host ::0 --insecure-cluster|the one address",
                "--master spark://127.0.0.1:7077 --insecure-cluster --driver-host 0.0.0.0|the one address",
                "--master spark://127.0.0.1:7077 --insecure-cluster --driver-host 0:0::|the one address",
                "--master spark://127.0.0.1:7077 --insecure-cluster --spark-conf spark.driver.bindAddress=0|one address",
                "master --spark-conf spark.authenticate=false|leave it out",
                "master --cluster-secret-file /no/such/file|is not a file that can be read",
                "--master spark://127.0.0.1:70000|must be local[*], local[N] or spark://host:port"
            })
    void invalidCommandsExitWithTwoAndSayWhy(String arguments, String why) {
        CliRun refused = run(arguments.split(" "));

        assertEquals(2, refused.code(), refused.err());
        assertTrue(refused.err().contains(why), refused.err());
        assertEquals(1, refused.err().lines().count(), refused.err());
    }

    @ParameterizedTest
    @CsvSource({
        "master --host 192.0.2.1",
        "worker spark://192.0.2.1:7077",
        "worker spark://127.0.0.1:7077 --host 192.0.2.1",
        "--master spark://192.0.2.1:7077",
        "--master spark://127.0.0.1:7077 --driver-host 192.0.2.1",
        "--master spark://127.0.0.1:7077 --spark-conf spark.driver.bindAddress=192.0.2.1"
    })
    void aClusterThatOthersReachNeedsASecret(String arguments) {
        CliRun refused = run(arguments.split(" "));

        assertEquals(2, refused.code(), refused.err());
        assertTrue(refused.err().contains("is an address that other machines reach"), refused.err());
        assertTrue(refused.err().contains("umask 077"), refused.err());
        assertTrue(refused.err().contains("--insecure-cluster"), refused.err());
        assertEquals(1, refused.err().lines().count(), refused.err());
    }

    @ParameterizedTest
    @CsvSource({"rw-r-----", "rw-----w-", "rw----r--"})
    void aSecretThatOthersCanReadIsRefused(String permissions) throws Exception {
        CliRun refused = run("master", "--cluster-secret-file", secret(permissions, SECRET));

        assertEquals(2, refused.code(), refused.err());
        assertTrue(refused.err().contains("chmod 600 " + folder.resolve("secret")), refused.err());
        assertEquals(1, refused.err().lines().count(), refused.err());
    }

    @Test
    void anUnusableSecretIsRefused() throws Exception {
        for (String unusable :
                List.of("", "\n", "short", SECRET + " " + SECRET, SECRET + "\n" + SECRET, "x".repeat(5000))) {
            CliRun refused = run("master", "--cluster-secret-file", secret("rw-------", unusable));

            assertEquals(2, refused.code(), refused.err());
            assertTrue(refused.err().contains("one line of 32 to 1024 characters"), refused.err());
        }
    }
}
