package tinderbox.jobtype;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.channels.Channels;
import org.apache.spark.TaskContext;
import org.apache.spark.executor.InputMetrics;
import tinderbox.dataset.CountingInputStream;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.DecompressedInputStream;
import tinderbox.dataset.DecompressionGuard;
import tinderbox.dataset.InputLimits;
import tinderbox.dataset.UnreadableFileException;

/**
 * Opens the files of an input for one pass over it; from {@link JobContext#reader}. It can be sent to tasks, like the files.
 */
public final class InputReader implements Serializable {
    private static final long serialVersionUID = 1;

    private final DecompressionGuard guard;

    private InputReader(DecompressionGuard guard) {
        this.guard = guard;
    }

    /** A reader for one pass over this input, within these limits. */
    public static InputReader of(Dataset input, InputLimits limits) {
        return new InputReader(DecompressionGuard.of(input, limits));
    }

    /**
     * Opens a file without following links, decompresses it within the limits of the server, and counts what is read in the
     * metrics of the task.
     *
     * @throws UnreadableFileException if it has been replaced or cannot be read, also by each read. A job that ends with it
     *     fails with a message about the file
     */
    public InputStream open(Dataset.File file) throws UnreadableFileException {
        try {
            TaskContext task = TaskContext.get();
            InputStream content = Channels.newInputStream(file.open());
            return new DecompressedInputStream(
                    task == null
                            ? content
                            : new MeteredInputStream(content, task.taskMetrics().inputMetrics()),
                    file.address(),
                    file.bytes(),
                    file.compression(),
                    guard);
        } catch (UnreadableFileException e) {
            throw e;
        } catch (IOException e) {
            throw new UnreadableFileException(file.address(), e);
        }
    }

    /** Counts in the metrics of the task that has opened it, whichever thread reads it. */
    private static final class MeteredInputStream extends CountingInputStream {
        private final InputMetrics metrics;

        private MeteredInputStream(InputStream content, InputMetrics metrics) {
            super(content);
            this.metrics = metrics;
        }

        @Override
        protected void count(int read) {
            metrics.incBytesRead(read);
        }
    }
}
