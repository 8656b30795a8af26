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
 * JSON objects whose first member, {@code crc32c}, is the CRC-32C of the object without it. So damage on disk is
 * detected, and other tools can read the files.
 */
public final class ChecksummedJson {
    private static final byte[] BEFORE = "{\"crc32c\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AFTER = "\",".getBytes(StandardCharsets.US_ASCII);
    private static final int HEX = 8;
    private static final int HEAD = BEFORE.length + HEX + AFTER.length;

    private ChecksummedJson() {}

    /** The content is not what was written. */
    public static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedException(Path file, String how) {
            this(file.getFileName().toString(), how);
        }

        private DamagedException(String what, String how) {
            super(what + " is damaged: " + how);
        }
    }

    /** Far more than a server writes. A larger file is not the server's, and might not fit into memory. */
    private static final long MAX_BYTES = 64L << 20;

    /** Writes {@code json}, an object with at least one member, as {@link AtomicFiles#write} does. */
    public static void write(Path file, byte[] json) throws IOException {
        AtomicFiles.write(file, addChecksum(json));
    }

    /** As {@link #write}, for a file whose old content is needed until the new one is on the disk. */
    public static void replace(Path file, byte[] json) throws IOException {
        AtomicFiles.replace(file, addChecksum(json));
    }

    /** Returns {@code json}, an object with at least one member, with a checksum as its first member. */
    public static byte[] addChecksum(byte[] json) {
        byte[] head = ("{\"crc32c\":\"" + crc(json) + "\",").getBytes(StandardCharsets.US_ASCII);
        byte[] checksummed = Arrays.copyOf(head, head.length + json.length - 1);
        System.arraycopy(json, 1, checksummed, head.length, json.length - 1);
        return checksummed;
    }

    /**
     * Reads what {@link #write} has written.
     *
     * @throws DamagedException if the file holds anything else
     * @throws FileSystemException if it is not a regular file, for example a pipe, or too large
     */
    public static byte[] read(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new FileSystemException(file.toString(), null, "it is not a file");
        }
        if (attributes.size() > MAX_BYTES) {
            throw new FileSystemException(file.toString(), null, "it is larger than " + MAX_BYTES + " bytes");
        }
        return verify(Files.readAllBytes(file), file.getFileName().toString());
    }

    /**
     * Returns the object without its checksum.
     *
     * @param checksummed what {@link #addChecksum} returned
     * @param what describes the object in the exception's message
     * @throws DamagedException if the checksum is missing or does not match
     */
    public static byte[] verify(byte[] checksummed, String what) throws DamagedException {
        if (checksummed.length <= HEAD
                || !Arrays.equals(checksummed, 0, BEFORE.length, BEFORE, 0, BEFORE.length)
                || !Arrays.equals(checksummed, HEAD - AFTER.length, HEAD, AFTER, 0, AFTER.length)) {
            throw new DamagedException(what, "it does not begin with its checksum");
        }
        byte[] json = Arrays.copyOfRange(checksummed, HEAD - 1, checksummed.length);
        json[0] = '{';
        String expected = new String(checksummed, BEFORE.length, HEX, StandardCharsets.US_ASCII);
        if (!expected.equals(crc(json))) {
            throw new DamagedException(what, "its checksum does not match");
        }
        return json;
    }

    private static String crc(byte[] json) {
        CRC32C crc = new CRC32C();
        crc.update(json);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
