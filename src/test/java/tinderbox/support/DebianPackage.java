package tinderbox.support;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs of Debian's packages. They are taken from the system, or unpacked into the user's cache without installing them. */
public final class DebianPackage {
    private static final long DOWNLOAD_MINUTES = 3;

    private DebianPackage() {}

    /** The package is not installed and could not be downloaded; the message says why. */
    public static final class MissingException extends Exception {
        private static final long serialVersionUID = 1L;

        MissingException(String message) {
            super(message);
        }
    }

    /** The folder with this program: one of the PATH, or that of the unpacked package. */
    public static Path folderOf(String program, String packageName) throws MissingException {
        for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return Path.of(folder);
            }
        }
        Path unpacked = ToolCache.folder("debian").resolve(packageName);
        try {
            if (!Files.exists(unpacked)) {
                unpack(packageName, unpacked);
            }
        } catch (IOException e) {
            throw new MissingException(e.toString());
        }
        return unpacked.resolve("usr/bin");
    }

    /** The folder appears complete or not at all. */
    private static void unpack(String packageName, Path unpacked) throws IOException, MissingException {
        Files.createDirectories(unpacked.getParent());
        Path folder = Files.createTempDirectory(unpacked.getParent(), packageName);
        run(folder, List.of("apt-get", "-q", "download", packageName));
        List<String> unpack = new ArrayList<>(List.of("dpkg", "-x"));
        try (Stream<Path> files = Files.list(folder)) {
            files.map(Path::toString).filter(name -> name.endsWith(".deb")).forEach(unpack::add);
        }
        unpack.add(folder.resolve("files").toString());
        run(folder, unpack);
        Files.move(folder.resolve("files"), unpacked);
    }

    private static void run(Path folder, List<String> command) throws IOException, MissingException {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (process.waitFor(DOWNLOAD_MINUTES, TimeUnit.MINUTES) && process.exitValue() == 0) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
        throw new MissingException(String.join(" ", command) + " fails: " + Files.readString(output));
    }
}
