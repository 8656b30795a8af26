package tinderbox.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A CDS archive of the classes that a server loads until its first job has ended. It more than halves the start of a
 * server, and tests start many. It is next to the JAR, and created once for it.
 */
final class SharedClassArchive {
    private static final String CREATE_OPTION = "-XX:ArchiveClassesAtExit=";
    private static final String QUERY =
            "{\"type\":\"sql\",\"params\":{\"query\":\"SELECT country, count(*) FROM samples.air.airports GROUP BY 1\"}}";
    private static final String USE_OPTION = "-XX:SharedArchiveFile=";

    private SharedClassArchive() {}

    /** The JVM options to use the archive for this JAR; none while another JVM of the tests creates it. */
    static synchronized List<String> options(Path jar) {
        Path archive = jar.resolveSibling("tinderbox-for-tests.jsa");
        Path lock = jar.resolveSibling("tinderbox-for-tests.lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (!isCurrent(archive, jar)) {
                // Waiting for it takes longer than a start without it.
                if (channel.tryLock() == null) {
                    return List.of();
                }
                if (!isCurrent(archive, jar)) {
                    create(archive);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of(USE_OPTION + archive);
    }

    private static boolean isCurrent(Path archive, Path jar) throws IOException {
        return Files.exists(archive)
                && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) >= 0;
    }

    private static void create(Path archive) throws IOException {
        Path base = Files.createTempDirectory("tinderbox-quick-start");
        Path temporary = archive.resolveSibling(archive.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        try (ServerProcess server = ServerProcess.on(base.resolve("data"))
                .withoutClassArchive()
                .jvm(CREATE_OPTION + temporary)
                .with(JobClient.rootOption(base))
                .start()) {
            server.apiClient().awaitEnd(JobClient.submitAccepted(server.apiClient(), null, 0));
            server.apiClient().awaitEnd(JobClient.id(JobClient.submit(server.apiClient(), null, QUERY)));
            server.stop();
        } finally {
            Soak.delete(base);
        }
        Files.move(temporary, archive, StandardCopyOption.REPLACE_EXISTING);
    }
}
