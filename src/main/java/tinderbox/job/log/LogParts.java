package tinderbox.job.log;

import java.io.IOException;

/** A log for readers: lines numbered from 0, in parts of which the oldest may be deleted. */
public interface LogParts {
    /** The number of the oldest line that still exists. */
    long first();

    /** The number of the next line to be written. */
    long next();

    /**
     * Opens the part with a line below {@link #next}, or the next part if that line is deleted. An open part can be read
     * to its end even if it is deleted meanwhile. The caller closes it.
     *
     * @throws java.nio.file.NoSuchFileException if the log has moved with its job's folder
     */
    LogPart open(long line) throws IOException;
}
