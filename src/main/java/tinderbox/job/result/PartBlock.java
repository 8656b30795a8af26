package tinderbox.job.result;

import java.util.Objects;
import java.util.UUID;

/**
 * A piece of a part of a result that a task in another process sends to the server. The pieces of a part are sent one after
 * the other.
 *
 * @param result the id of the {@link ResultParts}
 * @param part the id of the part
 * @param from the position of this piece in the part, in bytes
 * @param rows how many rows the whole part has if this is its last piece; otherwise negative
 */
@SuppressWarnings("ArrayRecordComponent")
public record PartBlock(UUID result, UUID part, long from, byte[] content, long rows) {
    /** The maximum size of a piece, in bytes. */
    public static final int MAX_BYTES = 1 << 20;

    public PartBlock {
        Objects.requireNonNull(result);
        Objects.requireNonNull(part);
        if (from < 0 || content.length > MAX_BYTES) {
            throw new IllegalArgumentException(content.length + " bytes from " + from);
        }
    }

    boolean isLast() {
        return rows >= 0;
    }
}
