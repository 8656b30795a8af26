package tinderbox.job.log;

import java.io.IOException;

/** A log as a reader sees it: lines numbered from 0 on, in parts of which the oldest may be gone. */
public interface LogParts {
    /** The number of the oldest line that is still there. */
    long first();

    /** The number that the next line will have. */
    long next();

    /**
     * Opens the part that holds a line below {@link #next}, or the one after it where that line is gone. It can be
     * read to its end, also when it is dropped meanwhile. The caller closes it.
     *
     * @throws java.nio.file.NoSuchFileException where the log has moved with its job's folder
     */
    LogPart open(long line) throws IOException;
}
