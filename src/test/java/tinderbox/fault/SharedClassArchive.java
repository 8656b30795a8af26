package tinderbox.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * An archive of the classes that a server loads until its first job has ended. Tests start a server again and
 * again, and with it that takes less than half the time. It lies beside the JAR and is made once for it.
 */
final class SharedClassArchive {
    private static final String MADE_BY = "-XX:ArchiveClassesAtExit=";
    private static final String USED_BY = "-XX:SharedArchiveFile=";

    private SharedClassArchive() {}

    /** The option that has a JVM use the archive for this JAR. */
    static synchronized String option(Path jar) {
        Path archive = jar.resolveSibling("tinderbox-for-tests.jsa");
        Path lock = jar.resolveSibling("tinderbox-for-tests.lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Tests run in several JVMs at once: one makes the archive while the others wait.
            channel.lock();
            if (!Files.exists(archive)
                    || Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) < 0) {
                make(archive);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return USED_BY + archive;
    }

    private static void make(Path archive) throws IOException {
        Path base = Files.createTempDirectory("tinderbox-quick-start");
        Path made = archive.resolveSibling(archive.getFileName() + ".new");
        Files.deleteIfExists(made);
        try (ServerProcess server = ServerProcess.on(base.resolve("data"))
                .cold()
                .jvm(MADE_BY + made)
                .with(JobClient.root(base))
                .start()) {
            server.apiClient().awaitEnd(JobClient.accepted(server.apiClient(), null, 0));
            server.stop();
        } finally {
            Soak.delete(base);
        }
        Files.move(made, archive, StandardCopyOption.REPLACE_EXISTING);
    }
}
