package tinderbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.JarFolder;

/** The sample data that comes in the JAR, copied into the data dir. */
final class SampleData {
    private static final String FOLDER = "sample-data/";
    private static final Logger LOG = LoggerFactory.getLogger(SampleData.class);

    private SampleData() {}

    /**
     * Copies the samples to {@code folder}. If it exists already, it gets the files that are missing there, and those that
     * are there stay as they are; otherwise it appears complete or not at all.
     */
    static void extract(Path folder) throws IOException {
        if (Files.exists(folder)) {
            complete(folder);
            return;
        }
        Path temporary = folder.resolveSibling(folder.getFileName() + ".tmp");
        JarFolder.read(FOLDER, (path, content) -> copy(content, temporary.resolve(path)));
        Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A folder that takes no files, such as one that is mounted read-only, is no reason not to start. */
    private static void complete(Path folder) {
        try {
            JarFolder.read(FOLDER, (path, content) -> add(folder.resolve(path), content));
        } catch (IOException e) {
            LOG.warn("New sample data could not be copied to {}: {}", folder, e.toString());
        }
    }

    /** Adds a file, unless something has its name already. It appears complete or not at all. */
    private static void add(Path target, InputStream content) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        // Hidden, so that no job reads it.
        Path temporary = target.resolveSibling("." + target.getFileName() + ".tmp");
        copy(content, temporary);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void copy(InputStream content, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
    }
}
