package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine's folder for temporary files is unusable; and Spark sends heartbeats all the time. */
class TempFolderIT {
    @TempDir
    Path base;

    private static List<Path> files(Path folder) throws Exception {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void nativeLibrariesAreExtractedInTheDataDirWithoutStackTraces() throws Exception {
        Path data = base.resolve("data");
        Path lab = Files.createDirectory(base.resolve("lab"));
        Files.write(lab.resolve("a.zst"), Zstd.compress("packed words".getBytes(StandardCharsets.UTF_8)));
        Path left = Files.createDirectories(data.resolve("tmp/run-" + UUID.randomUUID()));
        Files.writeString(left.resolve("libold.so"), "old");
        try (ServerProcess server = ServerProcess.on(data)
                .jvm("-Djava.io.tmpdir=/proc/nothing", "-DZstdTempFolder=/proc/nothing")
                .with("--root", "lab=" + lab)
                .with("--spark-conf", "spark.executor.heartbeatInterval=200ms")
                .with("--spark-conf", "spark.executor.heartbeat.maxFailures=1000000")
                .start()) {
            Map<String, Object> job = server.apiClient().run("word-count", Map.of("input", "lab/a.zst"));
            assertEquals("SUCCEEDED", job.get("status"), job::toString);
            Path tmp = data.resolve("tmp");
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(tmp)));
            assertTrue(
                    files(tmp).stream().anyMatch(file -> file.toString().endsWith(".so")),
                    () -> "no library in " + tmp);
            assertFalse(Files.exists(left));
            server.signal("TERM");
            assertEquals(0, server.awaitExit());
            assertEquals(List.of(), files(tmp));
            assertEquals(
                    List.of(),
                    server.output()
                            .lines()
                            .filter(line -> line.startsWith("\tat ") || line.contains("Exception"))
                            .toList());
        }
    }
}
