package tinderbox;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The sample data that comes in the JAR, unpacked once into the data dir. */
final class SampleData {
    private static final String FOLDER = "sample-data/";

    private SampleData() {}

    /** Unpacks into {@code folder} where it is not there; it appears whole or not at all. */
    static void unpack(Path folder) throws IOException {
        if (Files.exists(folder)) {
            return;
        }
        Path beside = folder.resolveSibling(folder.getFileName() + ".tmp");
        URL source = SampleData.class.getResource("/" + FOLDER);
        if (source.getProtocol().equals("jar")) {
            copy((JarURLConnection) source.openConnection(), beside);
        } else {
            copy(folder(source), beside);
        }
        Files.move(beside, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * A {@link JarFile} shares the table of contents with the class loader's; a file system would read it again. What
     * lies in a folder stands together in ours, and near the beginning: the other 90,000 entries are not looked at.
     */
    private static void copy(JarURLConnection from, Path to) throws IOException {
        from.setUseCaches(false);
        try (JarFile jar = from.getJarFile()) {
            List<JarEntry> entries = jar.stream()
                    .dropWhile(entry -> !entry.getName().startsWith(FOLDER))
                    .takeWhile(entry -> entry.getName().startsWith(FOLDER))
                    .filter(entry -> !entry.isDirectory())
                    .toList();
            for (JarEntry entry : entries) {
                try (InputStream in = jar.getInputStream(entry)) {
                    copy(in, to.resolve(entry.getName().substring(FOLDER.length())));
                }
            }
        }
    }

    private static Path folder(URL source) throws IOException {
        try {
            return Path.of(source.toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> sources;
        try (Stream<Path> walk = Files.walk(from)) {
            sources = walk.filter(Files::isRegularFile).toList();
        }
        for (Path source : sources) {
            try (InputStream in = Files.newInputStream(source)) {
                copy(in, to.resolve(from.relativize(source).toString()));
            }
        }
    }

    private static void copy(InputStream in, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
    }
}
