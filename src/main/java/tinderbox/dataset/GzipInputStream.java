package tinderbox.dataset;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The decompressed content of a gzip file with any number of members. Zeros after the last member, which {@code dd} and
 * tapes leave, are ignored, as in gzip(1). Anything else after it is damage, since a job must not succeed with half a
 * file counted; the JDK's stream would silently stop there.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
 */
final class GzipInputStream extends InputStream {
    private static final int BUFFER = 1 << 16;
    private static final int MAGIC_1 = 0x1F;
    private static final int MAGIC_2 = 0x8B;
    private static final int DEFLATED = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;
    /** The header fields MTIME, XFL and OS, which are skipped; in bytes. */
    private static final int UNUSED_FIELDS = 6;

    private final InputStream file;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] packed = new byte[BUFFER];
    private final byte[] single = new byte[1];
    private int at;
    private int limit;
    private boolean begun;
    private boolean withinMember;
    private boolean ended;

    GzipInputStream(InputStream file) {
        this.file = file;
    }

    @Override
    public int read() throws IOException {
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!ended) {
            if (!withinMember && !beginMember()) {
                ended = true;
            } else {
                int read = inflate(into, from, length);
                if (read > 0) {
                    return read;
                }
                endMember();
            }
        }
        return -1;
    }

    /** Reads the header of the next member; false if there is none. */
    private boolean beginMember() throws IOException {
        int first = nextOrEnd();
        if (first < 0 || (begun && first == 0 && isPadding())) {
            return false;
        }
        if (first != MAGIC_1 || nextOrEnd() != MAGIC_2) {
            throw new ZipException(
                    begun
                            ? "after its gzip data come bytes that are neither gzip data nor zeros"
                            : "it does not begin like gzip data");
        }
        begun = true;
        if (next() != DEFLATED) {
            throw new ZipException("its gzip data is compressed with an unknown method");
        }
        int flags = next();
        if ((flags & RESERVED) != 0) {
            throw new ZipException("its gzip data has unknown flags");
        }
        skip(UNUSED_FIELDS);
        if ((flags & EXTRA) != 0) {
            skip(next() | (next() << 8));
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(2);
        }
        inflater.reset();
        crc.reset();
        withinMember = true;
        return true;
    }

    /** Whether nothing but zeros is left. */
    private boolean isPadding() throws IOException {
        int next = nextOrEnd();
        while (next == 0) {
            next = nextOrEnd();
        }
        return next < 0;
    }

    /** Returns 0 at the end of a member. */
    private int inflate(byte[] into, int from, int length) throws IOException {
        try {
            while (true) {
                int read = inflater.inflate(into, from, length);
                if (read > 0) {
                    crc.update(into, from, read);
                    return read;
                }
                if (inflater.finished()) {
                    return 0;
                }
                if (inflater.needsDictionary()) {
                    throw new ZipException("its gzip data needs a dictionary");
                }
                if (at == limit && !fill()) {
                    throw cut();
                }
                inflater.setInput(packed, at, limit - at);
                at = limit;
            }
        } catch (DataFormatException e) {
            throw new ZipException("its gzip data is damaged: " + e.getMessage());
        }
    }

    private void endMember() throws IOException {
        at = limit - inflater.getRemaining();
        long sum = uint32();
        long size = uint32();
        if (sum != crc.getValue() || size != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
            throw new ZipException("its gzip data is damaged: the checksum does not match");
        }
        withinMember = false;
    }

    /** Reads an unsigned little-endian number. */
    private long uint32() throws IOException {
        return next() | (next() << 8) | (next() << 16) | ((long) next() << 24);
    }

    private void skip(int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) {
            next();
        }
    }

    private void skipText() throws IOException {
        int c = next();
        while (c != 0) {
            c = next();
        }
    }

    private int next() throws IOException {
        int next = nextOrEnd();
        if (next < 0) {
            throw cut();
        }
        return next;
    }

    private int nextOrEnd() throws IOException {
        return at == limit && !fill() ? -1 : packed[at++] & 0xFF;
    }

    private boolean fill() throws IOException {
        int read = file.read(packed, 0, packed.length);
        at = 0;
        limit = Math.max(0, read);
        return read > 0;
    }

    private static EOFException cut() {
        return new EOFException("it ends in the middle of its gzip data");
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        file.close();
    }
}
