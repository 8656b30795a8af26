package tinderbox.job.result;

import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * Lets Spark tasks write rows of a result: each task writes its rows into a part, and returns the {@link ResultPart} as
 * its own result; the driver joins the parts in the order that it chooses.
 *
 * <pre>{@code
 * ResultParts parts = result.parts();
 * List<ResultPart> written = rows.mapPartitions(partition -> List.of(parts.write(partition)).iterator()).collect();
 * for (ResultPart part : written) {
 *     result.join(part);
 * }
 * }</pre>
 *
 * <p>A task that Spark runs again, or twice at the same time, writes another file, and Spark returns the description of
 * one of them only. So rows are neither doubled nor mixed. Files that nobody joins are deleted with the attempt's folder.
 *
 * <p>The tasks must run in the server's process, as they do with a local master, because the limit counts all parts while
 * they are written. In the process of another executor {@link #write} fails with a message that says so.
 */
public final class ResultParts implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Tasks get a copy of this object, and find here what it stands for. */
    private static final Map<String, PartFolder> OPEN = new ConcurrentHashMap<>();

    private final String id = UUID.randomUUID().toString();

    ResultParts(PartFolder folder) {
        OPEN.put(id, folder);
    }

    /**
     * Writes one part. It can be called from several threads.
     *
     * @param rows each with one value per column, as {@link ResultWriter#row(List)} takes them
     * @return describes the part; return it from the task
     * @throws IllegalArgumentException if a row does not fit the columns
     * @throws JobException {@link ErrorCode#LIMIT_EXCEEDED} if the result and all its parts become too large
     * @throws java.util.concurrent.CancellationException if the thread is interrupted
     */
    public ResultPart write(Iterator<? extends List<?>> rows) throws IOException {
        PartFolder folder = OPEN.get(id);
        if (folder == null) {
            throw new JobException(
                    ErrorCode.JOB_ERROR,
                    "A task cannot write rows of the result: the result is complete, or the task runs in another process"
                            + " than the server",
                    "with executors of their own (--master spark://…), send the rows to the driver and write them there");
        }
        return folder.write(rows);
    }

    /** Lets no task write from now on. */
    void close() {
        OPEN.remove(id);
    }
}
