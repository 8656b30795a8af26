package tinderbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tinderbox.fault.Soak;

/** Temporary folders for benchmarks. */
final class BenchFolders {
    private BenchFolders() {}

    /** A new folder next to the JAR, which is on a real disk. It is deleted when this process exits. */
    static Path scratch(String name) throws IOException {
        Path parent =
                Path.of(System.getProperty("tinderbox.jar")).toAbsolutePath().getParent();
        Path folder = Files.createTempDirectory(parent, name);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                delete(folder);
            } catch (IOException e) {
                System.err.println(folder + " could not be deleted: " + e);
            }
        }));
        return folder;
    }

    /** Deletes a file or a folder, if it exists. */
    static void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            Soak.delete(path);
        }
    }
}
