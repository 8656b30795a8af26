package tinderbox.support;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Programs of Debian's packages. They are taken from the system, or unpacked into the user's cache without installing them. */
public final class DebianPackage {
    private static final long DOWNLOAD_MINUTES = 3;

    /** A library that would be installed, too. */
    private static final Pattern LIBRARY = Pattern.compile("^Inst (lib\\S+) ", Pattern.MULTILINE);

    private DebianPackage() {}

    /** The package is not installed and could not be downloaded; the message says why. */
    public static final class MissingException extends Exception {
        private static final long serialVersionUID = 1L;

        public MissingException(String message) {
            super(message);
        }
    }

    /** The folder with this program: one of the PATH, or that of the unpacked package. */
    public static Path folderOf(String program, String packageName) throws MissingException {
        return folderOf(program, packageName, false);
    }

    /** The same for the program of a package with its name; libraries that this machine lacks are unpacked beside it. */
    public static Path folderWithLibraries(String packageName) throws MissingException {
        return folderOf(packageName, packageName, true);
    }

    private static Path folderOf(String program, String packageName, boolean withLibraries) throws MissingException {
        for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return Path.of(folder);
            }
        }
        Path unpacked = ToolCache.folder("debian").resolve(packageName);
        try {
            if (!Files.exists(unpacked)) {
                unpack(packageName, unpacked, withLibraries);
            }
        } catch (IOException e) {
            throw new MissingException(e.toString());
        }
        return unpacked.resolve("usr/bin");
    }

    /** The folder appears complete or not at all. */
    private static void unpack(String packageName, Path unpacked, boolean withLibraries)
            throws IOException, MissingException {
        Files.createDirectories(unpacked.getParent());
        Path folder = Files.createTempDirectory(unpacked.getParent(), packageName);
        List<String> download = new ArrayList<>(List.of("apt-get", "-q", "download", packageName));
        if (withLibraries) {
            run(folder, List.of("apt-get", "-s", "-q", "--no-install-recommends", "install", packageName));
            LIBRARY.matcher(Files.readString(folder.resolve("output")))
                    .results()
                    .forEach(library -> download.add(library.group(1)));
        }
        run(folder, download);
        List<Path> archives;
        try (Stream<Path> files = Files.list(folder)) {
            archives = files.filter(file -> file.toString().endsWith(".deb")).toList();
        }
        for (Path archive : archives) {
            run(
                    folder,
                    List.of(
                            "dpkg",
                            "-x",
                            archive.toString(),
                            folder.resolve("files").toString()));
            Files.delete(archive);
        }
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
