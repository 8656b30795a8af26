package tinderbox.support;

import java.nio.file.Path;

/** The folder in which tests keep the programs that they download, so that the next run has them. */
public final class ToolCache {
    private ToolCache() {}

    /** The folder with this name in the user's cache. It may not exist yet. */
    public static Path folder(String name) {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("tinderbox").resolve(name);
    }
}
