package tinderbox.common;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Reads a folder of Tinderbox's JAR or, if the classes are not in a JAR, of {@code target/classes}. */
public final class JarFolder {
    private JarFolder() {}

    /** Receives the files of a folder. */
    @FunctionalInterface
    public interface FileReader {
        /**
         * Reads one file.
         *
         * @param path below the folder, with slashes
         * @param content closed by the caller
         */
        void read(String path, InputStream content) throws IOException;
    }

    /**
     * Passes each file in and below a folder to {@code reader}.
     *
     * @param folder its name from the root of the JAR, with a slash at the end
     */
    public static void read(String folder, FileReader reader) throws IOException {
        URL url = JarFolder.class.getResource("/" + folder);
        if (url.getProtocol().equals("jar")) {
            readJar((JarURLConnection) url.openConnection(), folder, reader);
        } else {
            readDirectory(path(url), reader);
        }
    }

    /**
     * A {@link JarFile} shares the table of contents with the class loader's; a file system would read it again. The
     * build puts the files of a folder next to each other and near the beginning, so the other 90,000 entries are not
     * read.
     */
    private static void readJar(JarURLConnection connection, String folder, FileReader reader) throws IOException {
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
            List<JarEntry> entries = jar.stream()
                    .dropWhile(entry -> !entry.getName().startsWith(folder))
                    .takeWhile(entry -> entry.getName().startsWith(folder))
                    .filter(entry -> !entry.isDirectory())
                    .toList();
            for (JarEntry entry : entries) {
                try (InputStream content = jar.getInputStream(entry)) {
                    reader.read(entry.getName().substring(folder.length()), content);
                }
            }
        }
    }

    private static void readDirectory(Path directory, FileReader reader) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            try (InputStream content = Files.newInputStream(file)) {
                reader.read(directory.toUri().relativize(file.toUri()).getPath(), content);
            }
        }
    }

    private static Path path(URL url) throws IOException {
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
