package tinderbox.job.result;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
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
 * <p>In the process of an executor of a cluster, {@link #write} sends the rows to the server in pieces, and waits for each
 * until the server has written it.
 */
public final class ResultParts implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Tasks get a copy of this object, and find here what it stands for. */
    private static final Map<UUID, PartFolder> OPEN = new ConcurrentHashMap<>();

    private final UUID id = UUID.randomUUID();
    private final ArrayList<Column> columns;

    ResultParts(PartFolder folder) {
        this.columns = new ArrayList<>(folder.columns());
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
        PartConnection server = PartConnection.Installed.connection();
        return server == null ? folder(id).write(rows) : send(rows, server);
    }

    /** As {@link #write}, in the process of an executor. */
    ResultPart send(Iterator<? extends List<?>> rows, PartConnection server) throws IOException {
        UUID part = UUID.randomUUID();
        PartOutputStream out = new PartOutputStream(server, id, part);
        // The server counts what it gets.
        CsvWriter csv = new CsvWriter(columns, out, new SizeLimit(Long.MAX_VALUE));
        try (csv) {
            while (rows.hasNext()) {
                csv.row(rows.next());
            }
        }
        if (csv.bytes() == 0) {
            return ResultPart.EMPTY;
        }
        out.finish(csv.rows());
        return new ResultPart(PartFolder.name(part), csv.rows(), csv.bytes());
    }

    /**
     * Writes a piece that an executor has sent; in the server.
     *
     * @return as {@link PartConnection#send}
     */
    public static Long receive(PartBlock block) throws IOException {
        return folder(block.result()).receive(block);
    }

    private static PartFolder folder(UUID id) {
        PartFolder folder = OPEN.get(id);
        if (folder == null) {
            throw new CancellationException("the result is complete, or no longer written");
        }
        return folder;
    }

    /** Lets no task write from now on. */
    void close() {
        OPEN.remove(id);
    }
}
