package tinderbox.dataset;

import java.io.Serializable;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * How much a job may read.
 *
 * @param maxBytes all its inputs together; of a packed file, what it holds
 * @param maxExpansion how many times its size a packed file may hold
 */
public record InputLimits(long maxBytes, int maxExpansion) implements Serializable {
    private static final long serialVersionUID = 1;

    /** What somebody can do who meets {@link #maxBytes}. */
    public static final String MORE_BYTES =
            "choose a smaller input, or have the server started with a larger --max-input-bytes";

    /** What somebody can do who meets {@link #maxExpansion}. */
    public static final String MORE_EXPANSION =
            "if the file is what it should be, unpack it, or have the server started with a larger --max-expansion";

    /**
     * Refuses an input that is too large as it lies there.
     *
     * @throws JobException {@link ErrorCode#LIMIT_EXCEEDED}
     */
    public void check(String path, long bytes) {
        if (bytes > maxBytes) {
            throw new JobException(ErrorCode.LIMIT_EXCEEDED, "The input " + path + " " + tooLarge(bytes), MORE_BYTES);
        }
    }

    String tooLarge(long bytes) {
        return "has " + bytes + " bytes, and a job may read " + maxBytes;
    }
}
