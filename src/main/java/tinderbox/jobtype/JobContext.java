package tinderbox.jobtype;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.apache.spark.sql.SparkSession;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.InputLimits;
import tinderbox.job.dispatch.JobRunner;
import tinderbox.job.log.JobLog;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.ResultWriter;

/** What a job type has at hand while one attempt runs. Not for several threads, but for {@link #cancel}. */
public final class JobContext implements AutoCloseable {
    private final SparkSession spark;
    private final Datasets datasets;
    private final JobRunner.Attempt attempt;
    private final Set<String> inputs = new HashSet<>();
    private ResultWriter writer;
    private volatile String phase = "starting";
    private volatile Long bytesTotal;
    private volatile boolean cancelled;

    JobContext(SparkSession spark, Datasets datasets, JobRunner.Attempt attempt) {
        this.spark = spark;
        this.datasets = datasets;
        this.attempt = attempt;
    }

    /** The session; its Spark jobs belong to this attempt when they are started on the attempt's own thread. */
    public SparkSession spark() {
        return spark;
    }

    /** The job's own log. */
    public JobLog log() {
        return attempt.log();
    }

    /** Tells the user what they should know of this job, as a plain sentence; also in its log. */
    public void warn(String sentence) {
        attempt.warnings().add(sentence);
    }

    /**
     * Finds an input, warns of what in it is passed over, and adds its size to that of the job's input; once, however
     * often it is asked for.
     *
     * <p>What tasks read through Spark's sources or Hadoop's file systems is counted as read. A task with a reader of
     * its own counts exactly what it has read with {@code
     * TaskContext.get().taskMetrics().inputMetrics().incBytesRead(bytes)}.
     *
     * @throws tinderbox.job.JobException {@code input_not_found} where it is no longer there, {@code limit_exceeded}
     *     where this and the inputs before it are larger than a job may read
     */
    public Dataset input(String path) {
        Dataset dataset = datasets.open(path);
        dataset.warnings().forEach(this::warn);
        log().info("Input " + path + ": files " + dataset.files().size() + ", bytes " + dataset.bytes());
        if (inputs.add(dataset.path())) {
            bytesTotal = (bytesTotal == null ? 0 : bytesTotal) + dataset.bytes();
            datasets.limits().check(path + ", with those before it,", bytesTotal);
        }
        return dataset;
    }

    /**
     * How much a job may read. {@link #input} has looked at what lies there; a job type that unpacks it holds to the
     * limits with an {@link DecompressionGuard}.
     */
    public InputLimits inputLimits() {
        return datasets.limits();
    }

    /** Says what the job does from now on, in a word or two such as {@code counting}. */
    public void phase(String what) {
        throwIfCancelled();
        phase = log().redacted(what);
        // Spark names a stage after the line of code that asked for it, which tells users nothing.
        spark.sparkContext().setCallSite(phase);
        log().info("Phase: " + phase);
    }

    /** Opens the result; once an attempt. */
    public ResultWriter result(List<Column> columns) throws IOException {
        if (writer != null) {
            throw new IllegalStateException("the result is already open");
        }
        writer = new ResultWriter(attempt.folder(), columns, attempt.maxResultBytes());
        return writer;
    }

    /** A folder of this attempt's own for files that it needs while it runs; deleted when the job ends. */
    public Path scratch() {
        return attempt.folder();
    }

    /** Stops here where the job has been asked to stop. Call it in every long loop outside Spark. */
    public void throwIfCancelled() {
        if (cancelled) {
            throw new CancellationException("the job was asked to stop");
        }
    }

    /** Ends the result, once the job type has returned. */
    public JobResult finish(Map<String, Object> summary) throws IOException {
        throwIfCancelled();
        if (writer == null) {
            result(List.of());
        }
        return writer.finish(summary);
    }

    /** Asks the attempt to stop; from any thread. */
    public void cancel() {
        cancelled = true;
    }

    /** What the job does now. */
    public String phase() {
        return phase;
    }

    /** The size of the input, or null before it is known. */
    public Long bytesTotal() {
        return bytesTotal;
    }

    /** Lets go of the result's file; after {@link #finish} nothing happens. */
    @Override
    public void close() {
        if (writer != null) {
            writer.close();
        }
    }
}
