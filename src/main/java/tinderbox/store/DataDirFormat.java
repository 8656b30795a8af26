package tinderbox.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import tinderbox.store.files.AtomicFiles;

/**
 * The number of a data dir's format, in its file {@code format}. A data dir without the file has format 1: it is new, or
 * from a version that did not write the file. A version refuses a data dir with a greater number than it knows.
 *
 * <p>The number must grow when an older version would misread, lose or delete something that a newer one stores; not for
 * what an older version ignores, or refuses for one job alone. A version that stores something of a greater format
 * writes the greater number first.
 */
final class DataDirFormat {
    static final String FILE = "format";

    /** The greatest number that this version knows. */
    private static final int KNOWN = 1;

    private static final Pattern NUMBER = Pattern.compile("([1-9][0-9]{0,8})\n?");
    private static final int MAX_BYTES = 64;

    private DataDirFormat() {}

    /**
     * Checks that this version can use the data dir. Changes nothing.
     *
     * @throws DataDir.UnavailableException if its format is newer, or cannot be known because the file is damaged
     * @throws IOException if the file cannot be read
     */
    static void check(Path dataDir) throws IOException {
        Path file = dataDir.resolve(FILE);
        if (!AtomicFiles.exists(file)) {
            return;
        }
        var number = NUMBER.matcher(read(file));
        if (!number.matches()) {
            throw new DataDir.UnavailableException(
                    "the file " + file + " is damaged, so nobody knows which format the data dir has; restore the file"
                            + " from a backup, or delete it if no newer version of Tinderbox has used the data dir",
                    null);
        }
        int format = Integer.parseInt(number.group(1));
        if (format > KNOWN) {
            throw new DataDir.UnavailableException(
                    "the data dir " + dataDir + " has format " + format
                            + ", and this version of Tinderbox knows formats"
                            + " up to " + KNOWN + "; start the newer version again, or restore a backup that was made"
                            + " before the upgrade",
                    null);
        }
    }

    private static String read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new FileSystemException(file.toString(), null, "it is not a file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII);
        }
    }

    /** {@link #check}, and writes the file if it does not exist. The caller holds the lock of the data dir. */
    static void checkAndWrite(Path dataDir) throws IOException {
        check(dataDir);
        Path file = dataDir.resolve(FILE);
        if (AtomicFiles.exists(file)) {
            return;
        }
        Path temporary = dataDir.resolve(FILE + ".tmp");
        Files.writeString(temporary, KNOWN + "\n");
        // Before the rename, so that not even a power cut leaves an empty file.
        AtomicFiles.sync(temporary);
        AtomicFiles.move(temporary, file);
    }
}
