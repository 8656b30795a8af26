package tinderbox.dataset;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A file or folder below a root in the form that Spark's sources take: {@code tb:///root/path}. All bytes but letters,
 * digits and {@code - . _ ~} are percent-encoded, so that neither Hadoop nor Spark takes a name for a glob, a list or an
 * escape, and names that are not UTF-8 survive.
 */
public final class DatasetAddress {
    /** The scheme of all addresses. */
    public static final String SCHEME = "tb";

    private static final Pattern INTERPRETED = Pattern.compile("[^A-Za-z0-9._~%/-]+");
    private static final Pattern NO_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private DatasetAddress() {}

    /** The address of a file, given the name and folder of its root. */
    static String of(String name, URI root, URI file) {
        String below = file.getRawPath().substring(asFolder(root).length());
        return SCHEME + ":///" + name + "/" + encoded(below);
    }

    /**
     * The path that an encoded path below a root stands for.
     *
     * @throws IllegalArgumentException if there can be no such path
     */
    static Path decoded(Path root, String below) {
        String escaped = encoded(NO_ESCAPE.matcher(below).replaceAll("%25"));
        return Path.of(URI.create("file://" + asFolder(root.toUri()) + escaped));
    }

    /** The name of a file as the last part of an address. */
    public static String encodedName(Path file) {
        String path = file.toUri().getRawPath();
        return encoded(path.substring(path.lastIndexOf('/') + 1));
    }

    /** The name of a file as a part of an address. */
    public static String encodedSegment(String name) {
        return encoded(name.replace("%", "%25")).replace("/", "%2F");
    }

    /** Whether a file of this name can be a dataset. */
    public static boolean isVisible(String name) {
        return DatasetPath.isVisible(name);
    }

    /** Whether a file or folder of this name can be named in the path of a dataset. */
    public static boolean isNameable(String name) {
        return DatasetPath.isNameable(name);
    }

    private static String asFolder(URI root) {
        String path = root.getRawPath();
        return path.endsWith("/") ? path : path + "/";
    }

    private static String encoded(String path) {
        return INTERPRETED.matcher(path).replaceAll(match -> {
            StringBuilder escapes = new StringBuilder();
            for (byte b : match.group().getBytes(StandardCharsets.UTF_8)) {
                escapes.append(String.format("%%%02X", b));
            }
            return escapes.toString();
        });
    }
}
