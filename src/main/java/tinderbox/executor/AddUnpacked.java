package tinderbox.executor;

import java.util.UUID;

/** Adds to what a pass over an input has unpacked in all executors. The answer is the sum, in bytes. */
record AddUnpacked(UUID pass, long bytes) implements Request<Long> {}
