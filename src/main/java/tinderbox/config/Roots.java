package tinderbox.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Checks the roots that the operator names. */
final class Roots {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);

    /** Roots that every server has. */
    private static final List<String> RESERVED = List.of("samples", "uploads", "results");

    private final Path dataDir;
    private final Function<String, Path> paths;
    private final Consumer<String> problems;
    private final Map<String, Config.Root> roots = new LinkedHashMap<>();

    /**
     * @param paths the path that a text stands for
     * @param problems gets a sentence for each problem
     */
    Roots(Path dataDir, Function<String, Path> paths, Consumer<String> problems) {
        this.dataDir = dataDir;
        this.paths = paths;
        this.problems = problems;
    }

    Map<String, Config.Root> of(List<String> values) {
        values.forEach(this::add);
        return roots;
    }

    private void add(String value) {
        int equals = value.indexOf('=');
        String name = equals < 0 ? "" : value.substring(0, equals);
        if (!NAME.matcher(name).matches()) {
            problems.accept(
                    "\"" + value + "\" must be NAME=PATH or NAME=URI, with a name of lower-case letters, digits and -");
            return;
        }
        if (RESERVED.contains(name)) {
            problems.accept(
                    "the name " + name + " is reserved for a root that every server has; choose another, and use it"
                            + " in the paths of datasets");
        }
        String text = value.substring(equals + 1);
        Config.Root root = SCHEME.matcher(text).matches() ? byUri(text) : local(paths.apply(text), false);
        if (root != null && roots.put(name, root) != null) {
            problems.accept("the name " + name + " is used twice; choose another for one of them");
        }
    }

    private Config.Root byUri(String text) {
        try {
            URI uri = new URI(text);
            boolean hasPath = uri.getPath() != null && uri.getPath().startsWith("/");
            boolean plain = hasPath && uri.getRawQuery() == null && uri.getRawFragment() == null;
            if (plain && "file".equals(uri.getScheme()) && uri.getRawAuthority() == null) {
                return local(Path.of(uri).normalize(), true);
            }
            if (plain && "hdfs".equals(uri.getScheme()) && uri.getHost() != null && uri.getRawUserInfo() == null) {
                URI folder = hdfs(uri);
                if (!folder.getPath().startsWith("/../") && uri.getPort() <= 65_535) {
                    return new Config.Root(folder, true);
                }
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            // Reported below.
        }
        problems.accept(
                "\"" + text + "\" must be a path, an address of a folder that all workers of a cluster see, such"
                        + " as file:/shared/lab, or one of an HDFS, such as hdfs://namenode:8020/lab; in an address, write a"
                        + " blank as %20 and % as %25, and write a path with a colon as ./a:b");
        return null;
    }

    /** The address of the folder, which ends with a slash. */
    private static URI hdfs(URI uri) throws URISyntaxException {
        String path = uri.getPath().endsWith("/") ? uri.getPath() : uri.getPath() + "/";
        return new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), path, null, null).normalize();
    }

    private Config.Root local(Path path, boolean shared) {
        if (!Files.isDirectory(path) || !Files.isReadable(path)) {
            problems.accept("\"" + path + "\" is not a folder that can be read; create it, or correct the path");
        }
        if (exposes(path, dataDir)) {
            problems.accept("\"" + path + "\" overlaps the data dir " + dataDir
                    + ", so jobs could read each other's files; choose another folder for one of them");
        }
        return new Config.Root(path.toUri(), shared);
    }

    /** Whether this root contains visible files of the data dir. Hidden files and folders cannot be read as datasets. */
    private static boolean exposes(Path root, Path dataDir) {
        if (root.startsWith(dataDir)) {
            return true;
        }
        if (!dataDir.startsWith(root)) {
            return false;
        }
        for (Path part : root.relativize(dataDir)) {
            if (part.toString().startsWith(".") || part.toString().startsWith("_")) {
                return false;
            }
        }
        return true;
    }
}
