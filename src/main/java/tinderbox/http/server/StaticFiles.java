package tinderbox.http.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tinderbox.common.JarFolder;

/**
 * The files of the page: everything below {@code static/} in the JAR or in {@code target/classes}. They are read once, at
 * the start, so that no path from a request ever reaches a file system or a class loader.
 */
public final class StaticFiles {
    private static final String FOLDER = "static/";
    private static final String INDEX = "index.html";

    private final Map<List<String>, StaticFile> files = new HashMap<>();

    /** Reads all files in the background, because it takes as long as opening a store. */
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

    /** The file at a path, if there is one. */
    Optional<StaticFile> find(List<String> segments) {
        return Optional.ofNullable(files.get(segments));
    }

    /** The content of each file, by its path below the folder. */
    private static Map<String, byte[]> contents() {
        Map<String, byte[]> contents = new HashMap<>();
        try {
            JarFolder.read(FOLDER, (path, content) -> contents.put(path, content.readAllBytes()));
        } catch (IOException e) {
            throw new IllegalStateException("the files of the page cannot be read", e);
        }
        return contents;
    }
}
