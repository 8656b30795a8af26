package tinderbox.dataset.hadoop;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.InputFileBlockHolder;

/**
 * Says of which file the row was that a task failed at. Spark knows, but tells only if the file itself cannot be read. It is
 * added to the failure as a suppressed exception, because that travels to the driver with it.
 */
public final class RowOrigin extends Exception {
    private static final long serialVersionUID = 1L;

    /** The task of this thread whose failures are watched already; it may open many files. */
    private static final ThreadLocal<Long> WATCHED = new ThreadLocal<>();

    private RowOrigin(String address) {
        super("the row is of " + address, null, false, false);
    }

    /** Has the file added to the failure of the task that the current thread runs, if there is one. */
    static void watch() {
        TaskContext task = TaskContext.get();
        if (task == null || Long.valueOf(task.taskAttemptId()).equals(WATCHED.get())) {
            return;
        }
        WATCHED.set(task.taskAttemptId());
        task.addTaskFailureListener((failed, error) -> {
            String address = InputFileBlockHolder.getInputFilePath().toString();
            if (!address.isEmpty()) {
                error.addSuppressed(new RowOrigin(address));
            }
        });
    }

    /** What was added to one of these failures; empty if nothing was. */
    public static Optional<RowOrigin> of(List<Throwable> chain) {
        return chain.stream()
                .flatMap(link -> Stream.of(link.getSuppressed()))
                .filter(RowOrigin.class::isInstance)
                .map(RowOrigin.class::cast)
                .findFirst();
    }
}
