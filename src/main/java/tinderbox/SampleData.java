package tinderbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import tinderbox.common.JarFolder;

/** The sample data that comes in the JAR, copied once into the data dir. */
final class SampleData {
    private static final String FOLDER = "sample-data/";

    private SampleData() {}

    /** Copies the samples to {@code folder} unless it exists; it appears complete or not at all. */
    static void extract(Path folder) throws IOException {
        if (Files.exists(folder)) {
            return;
        }
        Path temporary = folder.resolveSibling(folder.getFileName() + ".tmp");
        JarFolder.read(FOLDER, (path, content) -> {
            Path target = temporary.resolve(path);
            Files.createDirectories(target.getParent());
            Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
        });
        Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
    }
}
