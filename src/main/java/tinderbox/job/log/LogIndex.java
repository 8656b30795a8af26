package tinderbox.job.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.zip.CRC32;

/**
 * An index of a part of a log, with an entry about every {@value #MIN_GAP_BYTES} bytes of text. An entry has {@value
 * #ENTRY_BYTES} bytes: the number of a line, its offset and a checksum. The index is only a hint: an entry that is
 * incomplete, damaged or belongs to another text is ignored.
 */
final class LogIndex {
    /** The minimum distance of two entries, in bytes of text. */
    static final int MIN_GAP_BYTES = 1 << 16;

    static final int ENTRY_BYTES = 2 * Long.BYTES + Integer.BYTES;

    /** The checksum includes these first bytes of the text, the time of its first line, to tell texts apart. */
    static final int HEAD_BYTES = 24;

    /** A line and the offset at which it begins. */
    record Position(long line, long offset) {}

    private LogIndex() {}

    /** The bytes of an entry for a part whose text begins with {@code head}. */
    static byte[] entry(Position position, byte[] head, long first) {
        byte[] entry = new byte[ENTRY_BYTES];
        ByteBuffer.wrap(entry)
                .putLong(position.line())
                .putLong(position.offset())
                .putInt(checksum(position, head, first));
        return entry;
    }

    private static int checksum(Position position, byte[] head, long first) {
        byte[] fields = new byte[3 * Long.BYTES];
        ByteBuffer.wrap(fields).putLong(first).putLong(position.line()).putLong(position.offset());
        CRC32 crc = new CRC32();
        crc.update(head);
        crc.update(fields);
        return (int) crc.getValue();
    }

    /** The nearest indexed position at or before a line; the beginning of the part if there is none. */
    static Position find(LogPart part, long line) throws IOException {
        Position beginning = new Position(part.first(), 0);
        if (part.index() == null || line == part.first()) {
            return beginning;
        }
        byte[] head = head(part.text());
        Position best = beginning;
        long low = 0;
        long high = part.index().size() / ENTRY_BYTES;
        while (low < high) {
            long middle = (low + high) >>> 1;
            Position position = read(part, middle, head);
            // A damaged entry counts as one after the line; a result before it is still correct.
            if (position != null && position.line() <= line) {
                best = position;
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return best.offset() == 0 || isLineStart(part, best.offset()) ? best : beginning;
    }

    private static Position read(LogPart part, long number, byte[] head) throws IOException {
        ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
        fill(part.index(), number * ENTRY_BYTES, entry);
        Position position = new Position(entry.getLong(0), entry.getLong(Long.BYTES));
        boolean valid = !entry.hasRemaining()
                && entry.getInt(2 * Long.BYTES) == checksum(position, head, part.first())
                && position.offset() > 0
                && position.offset() <= part.bytes()
                && position.line() > part.first()
                && position.line() <= part.next();
        return valid ? position : null;
    }

    private static byte[] head(SeekableByteChannel text) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        fill(text, 0, head);
        return head.array();
    }

    private static boolean isLineStart(LogPart part, long offset) throws IOException {
        ByteBuffer before = ByteBuffer.allocate(1);
        fill(part.text(), offset - 1, before);
        return before.get(0) == '\n';
    }

    private static void fill(SeekableByteChannel file, long offset, ByteBuffer buffer) throws IOException {
        file.position(offset);
        while (buffer.hasRemaining() && file.read(buffer) > 0) {
            // A channel may return fewer bytes than requested.
        }
    }
}
