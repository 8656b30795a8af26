package tinderbox;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The sample data that comes in the JAR, unpacked once into the data dir. */
final class Samples {
    private static final String RESOURCE = "/sample-data";

    private Samples() {}

    /** Unpacks into {@code folder} where it is not there; it appears whole or not at all. */
    static void unpack(Path folder) throws IOException {
        if (Files.exists(folder)) {
            return;
        }
        Path beside = folder.resolveSibling(folder.getFileName() + ".tmp");
        try {
            URI source = Samples.class.getResource(RESOURCE).toURI();
            if (source.getScheme().equals("jar")) {
                try (FileSystem jar = FileSystems.newFileSystem(source, Map.of())) {
                    copy(jar.getPath(RESOURCE), beside);
                }
            } else {
                copy(Path.of(source), beside);
            }
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        Files.move(beside, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> sources;
        try (Stream<Path> walk = Files.walk(from)) {
            sources = walk.toList();
        }
        for (Path source : sources) {
            Path target = to.resolve(from.relativize(source).toString());
            if (Files.isDirectory(source)) {
                Files.createDirectories(target);
            } else {
                Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
