package tinderbox.dataset;

import java.io.Serializable;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * How much a job may read.
 *
 * @param maxBytes the maximum size of its input, after decompression
 * @param maxExpansion how many times its own size a compressed file may decompress to
 */
public record InputLimits(long maxBytes, int maxExpansion) implements Serializable {
    private static final long serialVersionUID = 1;

    /** What a user can do about an input that exceeds {@link #maxBytes}. */
    public static final String MORE_BYTES =
            "choose a smaller input, or have the server started with a larger --max-input-bytes";

    /** What a user can do about a file that exceeds {@link #maxExpansion}. */
    public static final String MORE_EXPANSION =
            "if the file is what it should be, decompress it, or have the server started with a larger --max-expansion";

    /**
     * Checks the size of an input on the disk, before decompression.
     *
     * @throws JobException {@link ErrorCode#LIMIT_EXCEEDED}
     */
    public void check(String path, long bytes) {
        String problem = problemWith(bytes);
        if (problem != null) {
            throw new JobException(ErrorCode.LIMIT_EXCEEDED, "The input " + path + " " + problem, MORE_BYTES);
        }
    }

    /** Why a job cannot read this much, as the end of a sentence; null if it can. */
    public String problemWith(long bytes) {
        return bytes > maxBytes ? "has " + bytes + " bytes, and a job may read " + maxBytes : null;
    }
}
