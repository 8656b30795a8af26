package tinderbox.spark;

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
                    ErrorCode.DISK_FULL, "The disk filled up while the job ran", "make room, then run the job again");
        }
        return new Failure(ErrorCode.JOB_ERROR, message(root), "the job's log has the whole stack trace");
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
