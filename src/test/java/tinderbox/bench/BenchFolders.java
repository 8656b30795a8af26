package tinderbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tinderbox.fault.Soak;

/** Folders for what a benchmark writes; nothing is left of them. */
final class BenchFolders {
    private BenchFolders() {}

    /** A new folder beside the JAR, which is on a real disk, that goes with this process. */
    static Path scratch(String name) throws IOException {
        Path beside =
                Path.of(System.getProperty("tinderbox.jar")).toAbsolutePath().getParent();
        Path folder = Files.createTempDirectory(beside, name);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                delete(folder);
            } catch (IOException e) {
                System.err.println(folder + " could not be deleted: " + e);
            }
        }));
        return folder;
    }

    /** Deletes a file or a folder, if it is there. */
    static void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            Soak.delete(path);
        }
    }
}
