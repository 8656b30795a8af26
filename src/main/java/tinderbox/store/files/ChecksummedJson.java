package tinderbox.store.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * JSON objects on disk that tell when they are damaged: the first member is the CRC-32C of the object without it.
 * They stay JSON for whoever looks at them with other tools.
 */
public final class ChecksummedJson {
    private static final byte[] BEFORE = "{\"crc32c\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AFTER = "\",".getBytes(StandardCharsets.US_ASCII);
    private static final int HEX = 8;
    private static final int HEAD = BEFORE.length + HEX + AFTER.length;

    private ChecksummedJson() {}

    /** That a file does not hold what was written. */
    public static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedException(Path file, String how) {
            this(file.getFileName().toString(), how);
        }

        private DamagedException(String what, String how) {
            super(what + " is damaged: " + how);
        }
    }

    /** Far more than a server writes: what is larger is somebody else's, and would not fit into the memory. */
    private static final long MOST_BYTES = 64L << 20;

    /** Writes {@code json}, an object with at least one member, durably and whole. */
    public static void write(Path file, byte[] json) throws IOException {
        AtomicFiles.write(file, seal(json));
    }

    /** The object with its checksum. */
    public static byte[] seal(byte[] json) {
        byte[] head = ("{\"crc32c\":\"" + crc(json) + "\",").getBytes(StandardCharsets.US_ASCII);
        byte[] sealed = Arrays.copyOf(head, head.length + json.length - 1);
        System.arraycopy(json, 1, sealed, head.length, json.length - 1);
        return sealed;
    }

    /**
     * The object as it was written.
     *
     * @throws DamagedException where the file holds anything else
     * @throws FileSystemException if it is no file, such as a pipe that nobody writes to, or one that is too large
     */
    public static byte[] read(Path file) throws IOException {
        BasicFileAttributes there = Files.readAttributes(file, BasicFileAttributes.class);
        if (!there.isRegularFile()) {
            throw new FileSystemException(file.toString(), null, "it is no file");
        }
        if (there.size() > MOST_BYTES) {
            throw new FileSystemException(file.toString(), null, "it is larger than " + MOST_BYTES + " bytes");
        }
        return open(Files.readAllBytes(file), file.getFileName().toString());
    }

    /**
     * The object as it was sealed.
     *
     * @param what names it for people
     * @throws DamagedException where {@code sealed} is anything else
     */
    public static byte[] open(byte[] sealed, String what) throws DamagedException {
        if (sealed.length <= HEAD
                || !Arrays.equals(sealed, 0, BEFORE.length, BEFORE, 0, BEFORE.length)
                || !Arrays.equals(sealed, HEAD - AFTER.length, HEAD, AFTER, 0, AFTER.length)) {
            throw new DamagedException(what, "it does not begin with its checksum");
        }
        byte[] json = Arrays.copyOfRange(sealed, HEAD - 1, sealed.length);
        json[0] = '{';
        String told = new String(sealed, BEFORE.length, HEX, StandardCharsets.US_ASCII);
        if (!told.equals(crc(json))) {
            throw new DamagedException(what, "its checksum does not fit");
        }
        return json;
    }

    private static String crc(byte[] json) {
        CRC32C crc = new CRC32C();
        crc.update(json);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
