package tinderbox.job.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.zip.CRC32;

/**
 * Where lines begin in a part of a log, about every {@value #EVERY} bytes: entries of {@value #ENTRY} bytes, each
 * the number of a line, its offset and a checksum. Only a hint: the text is the truth, and an entry that is torn,
 * damaged or belongs to another text is passed over.
 */
final class LogIndex {
    /** How far the entries are apart, at least; in bytes of text. */
    static final int EVERY = 1 << 16;

    static final int ENTRY = 2 * Long.BYTES + Integer.BYTES;

    /** So much of a text's beginning, the time of its first line, tells it from others; in bytes. */
    static final int HEAD = 24;

    /** A line and the offset at which it begins. */
    record Place(long line, long offset) {}

    private LogIndex() {}

    /** An entry as it stands in the file of the part that begins with {@code head}. */
    static byte[] entry(Place place, byte[] head, long first) {
        byte[] entry = new byte[ENTRY];
        ByteBuffer.wrap(entry).putLong(place.line()).putLong(place.offset()).putInt(checksum(place, head, first));
        return entry;
    }

    private static int checksum(Place place, byte[] head, long first) {
        byte[] told = new byte[3 * Long.BYTES];
        ByteBuffer.wrap(told).putLong(first).putLong(place.line()).putLong(place.offset());
        CRC32 crc = new CRC32();
        crc.update(head);
        crc.update(told);
        return (int) crc.getValue();
    }

    /** The nearest known place at or before a line, from which the reader goes on; at worst the beginning. */
    static Place find(LogPart part, long line) throws IOException {
        Place beginning = new Place(part.first(), 0);
        if (part.index() == null || line == part.first()) {
            return beginning;
        }
        byte[] head = head(part.text());
        Place best = beginning;
        long low = 0;
        long high = part.index().size() / ENTRY;
        while (low < high) {
            long middle = (low + high) >>> 1;
            Place place = read(part, middle, head);
            // A damaged entry is taken for one that lies behind: what is found before it is right all the same.
            if (place != null && place.line() <= line) {
                best = place;
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return best.offset() == 0 || isLineStart(part, best.offset()) ? best : beginning;
    }

    private static Place read(LogPart part, long number, byte[] head) throws IOException {
        ByteBuffer entry = ByteBuffer.allocate(ENTRY);
        fill(part.index(), number * ENTRY, entry);
        Place place = new Place(entry.getLong(0), entry.getLong(Long.BYTES));
        boolean whole = !entry.hasRemaining()
                && entry.getInt(2 * Long.BYTES) == checksum(place, head, part.first())
                && place.offset() > 0
                && place.offset() <= part.bytes()
                && place.line() > part.first()
                && place.line() <= part.next();
        return whole ? place : null;
    }

    private static byte[] head(SeekableByteChannel text) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD);
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
            // A channel may give less than was asked for.
        }
    }
}
