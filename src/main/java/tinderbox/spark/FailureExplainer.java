package tinderbox.spark;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tinderbox.common.Causes;
import tinderbox.common.FileErrors;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.JobException;

/** Explains in plain words why an attempt failed. */
final class FailureExplainer {
    static final Failure EXECUTOR_OUT_OF_MEMORY = new Failure(
            ErrorCode.OUT_OF_MEMORY,
            "A task ran out of memory on its executor",
            "use a smaller input, or ask the operator for executors with more memory (spark.executor.memory)");

    /** In the message with which Spark ends its job: the executor of a cluster on which a task failed at last. */
    private static final Pattern FAILED_ON = Pattern.compile("\\(TID \\d+\\) \\((\\S+) executor \\d+\\)");

    private FailureExplainer() {}

    /** The failure for {@code thrown}, with the message of the root cause and without paths of this machine. */
    static Failure of(Throwable thrown) {
        Throwable root = thrown;
        for (Throwable link : Causes.of(thrown).toList()) {
            if (link instanceof JobException explained) {
                return explained.toFailure();
            }
            if (link instanceof OutOfMemoryError) {
                return new Failure(
                        ErrorCode.OUT_OF_MEMORY,
                        "The job ran out of memory",
                        "give the server more with JAVA_OPTS=-Xmx…, or the job a smaller input");
            }
            root = link;
        }
        if (FileErrors.isFull(root)) {
            return new Failure(
                    ErrorCode.DISK_FULL,
                    "The disk "
                            + ofWorker(thrown)
                                    .map(host -> "of the worker on " + host + " ")
                                    .orElse("") + "filled up while the job ran",
                    "make room there, then run the job again");
        }
        return new Failure(ErrorCode.JOB_ERROR, message(root), "the job's log has the whole stack trace");
    }

    private static Optional<String> ofWorker(Throwable thrown) {
        return Causes.of(thrown)
                .map(link -> FAILED_ON.matcher(String.valueOf(link.getMessage())))
                .filter(Matcher::find)
                .map(found -> ExecutorNames.host(found.group(1)))
                .findFirst();
    }

    private static String message(Throwable root) {
        String name = root.getClass().getSimpleName();
        if (root.getMessage() == null || root.getMessage().isBlank()) {
            return name;
        }
        String first = Failure.withoutFolders(
                root.getMessage().strip().lines().findFirst().orElse(""));
        return name + ": " + first;
    }
}
