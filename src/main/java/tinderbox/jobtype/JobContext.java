package tinderbox.jobtype;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.spark.sql.SparkSession;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.InputLimits;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.dispatch.Attempt;
import tinderbox.job.log.JobLog;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.ResultWriter;

/** What a job type can use while one attempt runs. Not thread-safe, except {@link #cancel} and {@link #isFatal}. */
public final class JobContext implements AutoCloseable {
    private final SparkSession spark;
    private final Datasets datasets;
    private final Attempt attempt;
    private final Map<String, Dataset> inputs = new LinkedHashMap<>();
    private ResultWriter writer;
    private volatile String phase = "starting";
    private volatile Long bytesTotal;
    private long fromDriver;
    private volatile boolean cancelled;
    private volatile Exception fatalFailure;
    private volatile String plan;

    JobContext(SparkSession spark, Datasets datasets, Attempt attempt) {
        this.spark = spark;
        this.datasets = datasets;
        this.attempt = attempt;
    }

    /**
     * The attempt's own session: no other attempt sees its settings and temporary views. Spark jobs that are started on the
     * attempt's thread belong to the attempt.
     */
    public SparkSession spark() {
        return spark;
    }

    /** The job's own log. */
    public JobLog log() {
        return attempt.log();
    }

    /** Adds a warning to the job and its log: a sentence for users. */
    public void warn(String sentence) {
        attempt.warnings().add(sentence);
    }

    /**
     * Opens an input. Warns of files in it that are skipped, and adds its size to the total that the job reads, once per
     * path.
     *
     * <p>Read it through Spark's sources, with {@link Dataset#addresses}, or with a {@link #reader}. What tasks read in these
     * ways is counted as read.
     *
     * @throws tinderbox.job.JobException {@code input_not_found} if it no longer exists, {@code limit_exceeded} if this
     *     and the inputs before it are larger than a job may read
     */
    public Dataset input(String path) {
        Dataset dataset = datasets.open(path);
        dataset.warnings().forEach(this::warn);
        log().info("Input " + path + ": files " + dataset.files().size() + ", bytes " + dataset.bytes());
        if (inputs.put(dataset.path(), dataset) == null) {
            bytesTotal = (bytesTotal == null ? 0 : bytesTotal) + dataset.bytes();
            datasets.limits().check(path + ", with those before it,", bytesTotal);
            fromDriver += dataset.fromDriver();
            datasets.checkSending(path + ", with those before it,", fromDriver);
        }
        return dataset;
    }

    /** A reader for one pass over this input, on the attempt's thread or in tasks. */
    public InputReader reader(Dataset input) {
        return InputReader.of(input, datasets.limits());
    }

    /** All datasets, for types that look inputs up; {@link #input} opens those that the job reads. */
    public Datasets datasets() {
        return datasets;
    }

    /** How much a job may read; {@link #input} and a {@link #reader} enforce it. */
    public InputLimits inputLimits() {
        return datasets.limits();
    }

    /** Sets what the job does from now on, in a word or two such as {@code counting}. */
    public void phase(String name) {
        throwIfCancelled();
        phase = log().redacted(name);
        // Otherwise Spark would name stages after lines of code.
        spark.sparkContext().setCallSite(phase);
        log().info("Phase: " + phase);
    }

    /** Says how Spark runs the job, as a text for users; the last one counts. */
    public void showPlan(String text) {
        plan = log().redacted(text);
    }

    /** Opens the result; at most once per attempt. */
    public ResultWriter result(List<Column> columns) throws IOException {
        if (writer != null) {
            throw new IllegalStateException("the result is already open");
        }
        writer = new ResultWriter(attempt.folder(), columns, attempt.maxResultBytes());
        return writer;
    }

    /** A folder for temporary files of this attempt; deleted when the job ends. */
    public Path scratch() {
        return attempt.folder();
    }

    /** Throws if the job is being cancelled. Call it in every long loop outside Spark. */
    public void throwIfCancelled() {
        if (cancelled) {
            throw new CancellationException("the job was asked to stop");
        }
    }

    /**
     * Whether the job fails because a task failed like this, and another try would fail as well; it is then the reason of
     * the job's failure. From any thread.
     */
    public boolean isFatal(Throwable taskFailure) {
        boolean fatal = InputFailures.isUnreadableOnWorker(taskFailure);
        if (fatal && taskFailure instanceof Exception reason) {
            fatalFailure = reason;
        }
        return fatal;
    }

    /** A better explanation of {@code e} if an input caused it; otherwise {@code e} itself. */
    Exception explained(Exception e) {
        Exception reason = fatalFailure;
        return InputFailures.explain(reason == null ? e : reason, inputs.values());
    }

    /** The path of the input's file that the messages of a failure name; empty if there is none. */
    public Optional<String> fileNamedBy(Throwable failure) {
        return InputFailures.fileNamedBy(failure, inputs.values());
    }

    /**
     * Checks whether the files of all inputs are still those that were opened; to be called after they were read in more than
     * one piece. Warns of a file that was only written to.
     *
     * @throws JobException {@link ErrorCode#INPUT_NOT_FOUND} if another file has taken the place of one
     */
    public void checkInputs() {
        for (Dataset input : inputs.values()) {
            InputChanges.check(input, datasets, this::warn);
        }
    }

    /** Completes the result after the job type has returned. */
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

    /** What the job is doing. */
    public String phase() {
        return phase;
    }

    /** How Spark runs the job, or null. */
    public String plan() {
        return plan;
    }

    /** The size of the input, or null before it is known. */
    public Long bytesTotal() {
        return bytesTotal;
    }

    /** Closes the result's file, if {@link #finish} has not done so. */
    @Override
    public void close() {
        if (writer != null) {
            writer.close();
        }
    }
}
