package tinderbox.executor;

import java.util.UUID;
import tinderbox.job.result.PartBlock;

/**
 * A {@link PartBlock}. The answer is the maximum size of the result if it would become larger, and otherwise null.
 */
@SuppressWarnings("ArrayRecordComponent")
record WritePart(UUID result, UUID part, long from, byte[] content, long rows) implements Request<Long> {
    WritePart(PartBlock block) {
        this(block.result(), block.part(), block.from(), block.content(), block.rows());
    }

    PartBlock block() {
        return new PartBlock(result, part, from, content, rows);
    }
}
