package tinderbox.http.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The files of the page: all that lies below {@code static/} in the JAR, or in {@code target/classes}. They are read
 * once, at the start, so that no path from outside ever reaches a file system or a class loader.
 */
public final class StaticFiles {
    private static final String FOLDER = "static/";
    private static final String INDEX = "index.html";

    private final Map<List<String>, StaticFile> files = new HashMap<>();

    /** Reads them all, in the background: it takes as long as opening a store. */
    public static CompletableFuture<StaticFiles> read() {
        return CompletableFuture.supplyAsync(StaticFiles::new);
    }

    private StaticFiles() {
        Map<String, byte[]> contents = contents();
        String policy = ContentSecurityPolicy.of(new String(contents.get(INDEX), StandardCharsets.UTF_8));
        contents.forEach((path, bytes) -> {
            boolean hidden = path.startsWith(".") || path.contains("/.");
            if (!hidden) {
                files.put(List.of(path.split("/")), StaticFile.of(path, bytes, policy));
            }
        });
        files.put(List.of(""), files.get(List.of(INDEX)));
    }

    /** The file at a path; empty where there is none. */
    Optional<StaticFile> find(List<String> segments) {
        return Optional.ofNullable(files.get(segments));
    }

    /** What each file holds, by its path below the folder. */
    private static Map<String, byte[]> contents() {
        URL index = StaticFiles.class.getResource("/" + FOLDER + INDEX);
        try {
            return index.getProtocol().equals("jar")
                    ? ofJar((JarURLConnection) index.openConnection())
                    : ofFolder(Path.of(index.toURI()).getParent());
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the files of the page cannot be read from " + index, e);
        }
    }

    /**
     * A {@link JarFile} shares the table of contents with the class loader's; a file system would read it again. What
     * lies in a folder stands together in ours, and near the beginning: the other 90,000 entries are not looked at.
     */
    private static Map<String, byte[]> ofJar(JarURLConnection connection) throws IOException {
        connection.setUseCaches(false);
        Map<String, byte[]> contents = new HashMap<>();
        try (JarFile jar = connection.getJarFile()) {
            List<JarEntry> entries = jar.stream()
                    .dropWhile(entry -> !entry.getName().startsWith(FOLDER))
                    .takeWhile(entry -> entry.getName().startsWith(FOLDER))
                    .filter(entry -> !entry.isDirectory())
                    .toList();
            for (JarEntry entry : entries) {
                try (InputStream in = jar.getInputStream(entry)) {
                    contents.put(entry.getName().substring(FOLDER.length()), in.readAllBytes());
                }
            }
        }
        return contents;
    }

    private static Map<String, byte[]> ofFolder(Path folder) throws IOException {
        Map<String, byte[]> contents = new HashMap<>();
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(folder)) {
            paths = walk.filter(Files::isRegularFile).toList();
        }
        for (Path path : paths) {
            contents.put(folder.toUri().relativize(path.toUri()).getPath(), Files.readAllBytes(path));
        }
        return contents;
    }
}
