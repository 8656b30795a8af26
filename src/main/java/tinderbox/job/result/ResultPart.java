package tinderbox.job.result;

import java.io.Serializable;

/**
 * Describes rows that a task has written; {@link ResultWriter#join} adds them to the result.
 *
 * @param file its name in the attempt's folder
 * @param rows how many rows it has
 * @param bytes its size
 */
public record ResultPart(String file, long rows, long bytes) implements Serializable {
    /** A part without rows, for which there is no file. */
    static final ResultPart EMPTY = new ResultPart("", 0, 0);

    private static final long serialVersionUID = 1L;
}
