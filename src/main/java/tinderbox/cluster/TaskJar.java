package tinderbox.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The classes that tasks need, as a JAR of their own: executors get it from the driver, because a plain Spark has none of
 * them, and a worker's Tinderbox may be another version. The build puts it into the fat JAR.
 */
public final class TaskJar {
    private static final String RESOURCE = "/META-INF/tinderbox-tasks.jar";

    private TaskJar() {}

    /**
     * Writes the JAR to this folder; it appears complete or not at all.
     *
     * @throws IOException if it cannot be written, or the classes are not in the fat JAR
     */
    public static Path write(Path folder) throws IOException {
        Path jar = folder.resolve("tinderbox-tasks.jar");
        Path temporary = folder.resolve("tinderbox-tasks.jar.tmp");
        try (InputStream content = TaskJar.class.getResourceAsStream(RESOURCE)) {
            if (content == null) {
                throw new IOException("this build has no JAR for the executors of a cluster; start tinderbox.jar");
            }
            Files.copy(content, temporary, StandardCopyOption.REPLACE_EXISTING);
        }
        return Files.move(temporary, jar, StandardCopyOption.ATOMIC_MOVE);
    }
}
