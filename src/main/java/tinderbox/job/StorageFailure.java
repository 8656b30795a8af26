package tinderbox.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import tinderbox.common.FileErrors;

/** Maps failures to read or write the data dir to refusals. */
public final class StorageFailure {
    private StorageFailure() {}

    /** A refusal without paths, which belong in the log only. */
    public static JobException of(IOException e) {
        return FileErrors.isFull(e)
                ? new JobException(
                        ErrorCode.DISK_FULL, "The disk of the data dir is full", "make room, then try again", e)
                : new JobException(
                        ErrorCode.STORAGE_UNAVAILABLE,
                        "The server's data dir cannot be used now",
                        "try again in a moment; if it stays so, the server's log has the reason",
                        e);
    }

    /** Whether a failure, such as of the disk or of memory, may be temporary, so a retry makes sense. */
    public static boolean isTemporary(Throwable e) {
        return e instanceof UncheckedIOException
                || e instanceof OutOfMemoryError
                || (e instanceof JobException refused
                        && (refused.code() == ErrorCode.DISK_FULL
                                || refused.code() == ErrorCode.STORAGE_UNAVAILABLE
                                || refused.code() == ErrorCode.SHUTTING_DOWN));
    }
}
