package tinderbox.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tinderbox.common.FileErrors;
import tinderbox.config.BindPolicy;
import tinderbox.config.ConfigException;
import tinderbox.config.Setting;

/** The secret that the server, the master and the workers of a cluster share. */
public final class ClusterSecret {
    /** The variable in which Spark's processes expect it: others see command lines, and may see system properties. */
    public static final String VARIABLE = "_SPARK_AUTH_SECRET";

    /** Anyone who records the network traffic can try out guesses. */
    private static final int MIN_LENGTH = 32;

    private static final int MAX_LENGTH = 1024;
    private static final Pattern LINE = Pattern.compile("[!-~]{" + MIN_LENGTH + "," + MAX_LENGTH + "}");
    private static final Set<PosixFilePermission> OF_OTHERS =
            EnumSet.range(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_EXECUTE);

    private final String text;

    private ClusterSecret(String text) {
        this.text = text;
    }

    /**
     * Reads the secret.
     *
     * @param file null if there is no secret
     * @throws ConfigException if the file cannot be read, others can read it, or it contains something else
     */
    public static Optional<ClusterSecret> read(Path file) throws ConfigException {
        if (file == null) {
            return Optional.empty();
        }
        try {
            if (!isPrivate(file)) {
                throw problem("others can read " + file + "; close it with: chmod 600 " + file
                        + " (and if others have read it, make a new one: " + BindPolicy.makeSecret(file.toString())
                        + ")");
            }
            String text = Files.size(file) > 2 * MAX_LENGTH
                    ? ""
                    : Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            if (!LINE.matcher(text).matches()) {
                throw problem(file + " must contain one line of " + MIN_LENGTH + " to " + MAX_LENGTH
                        + " characters, without spaces; make one with: " + BindPolicy.makeSecret(file.toString()));
            }
            return Optional.of(new ClusterSecret(text));
        } catch (IOException e) {
            throw problem(file + " cannot be read (" + FileErrors.describe(e) + "); give the path of the file");
        }
    }

    private static boolean isPrivate(Path file) throws IOException {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return true;
        }
        return Files.getPosixFilePermissions(file).stream().noneMatch(OF_OTHERS::contains);
    }

    private static ConfigException problem(String text) {
        return new ConfigException(List.of(Setting.CLUSTER_SECRET_FILE.flag() + ": " + text));
    }

    /** The secret itself; it must not reach a log, a command line or a response. */
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return "(hidden)";
    }
}
