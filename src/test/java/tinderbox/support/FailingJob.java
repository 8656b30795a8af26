package tinderbox.support;

import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;

/** A job that fails in a given way. */
public final class FailingJob implements JobType<FailingJob.Mode> {
    private static final ParamSpec<String> MODE = ParamSpec.choice(
                    "mode",
                    List.of(
                            "in-driver",
                            "in-task",
                            "error",
                            "out-of-memory",
                            "out-of-memory-in-task",
                            "stack-overflow-in-task",
                            "listener",
                            "stop-spark",
                            "unprintable"))
            .defaultsTo("in-driver");

    /** The ways to fail. */
    public enum Mode {
        IN_DRIVER,
        IN_TASK,
        ERROR,
        OUT_OF_MEMORY,
        OUT_OF_MEMORY_IN_TASK,
        STACK_OVERFLOW_IN_TASK,
        LISTENER,
        STOP_SPARK,
        UNPRINTABLE
    }

    @Override
    public String name() {
        return "failing";
    }

    @Override
    public String title() {
        return "Failing";
    }

    @Override
    public String description() {
        return "Fails.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of(MODE);
    }

    @Override
    public Mode parse(Params params) {
        return Mode.valueOf(params.get(MODE).replace('-', '_').toUpperCase(java.util.Locale.ROOT));
    }

    @Override
    public Map<String, Object> run(Mode mode, JobContext context) {
        switch (mode) {
            case IN_DRIVER -> throw new IllegalStateException("the third wheel in /opt/secret/place came off");
            case IN_TASK ->
                new JavaSparkContext(context.spark().sparkContext())
                        .parallelize(List.of(1, 2), 2)
                        .foreach(number -> {
                            throw new IllegalStateException("the wheel of task " + number + " came off");
                        });
            case ERROR -> throw new StackOverflowError("too deep");
            case OUT_OF_MEMORY -> exhaustMemory();
            case OUT_OF_MEMORY_IN_TASK -> inTask(context, FailingJob::exhaustMemory);
            case STACK_OVERFLOW_IN_TASK -> inTask(context, () -> recurse(0));
            case LISTENER -> {
                context.spark().sparkContext().addSparkListener(new ThrowingListener());
                inTask(context, () -> {});
            }
            case STOP_SPARK -> {
                context.spark().stop();
                throw new IllegalStateException("stopped Spark");
            }
            case UNPRINTABLE -> throw new UnprintableException();
        }
        return Map.of();
    }

    private interface TaskAction extends java.io.Serializable {
        void run();
    }

    private static void inTask(JobContext context, TaskAction action) {
        new JavaSparkContext(context.spark().sparkContext())
                .parallelize(List.of(1, 2), 2)
                .foreach(number -> action.run());
    }

    /** Allocates more at once than the heap has: the error is real, but no other thread runs out of memory. */
    private static void exhaustMemory() {
        long[][] arrays = new long[64][];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = new long[Integer.MAX_VALUE - 8];
        }
        throw new IllegalStateException("the heap is larger than " + arrays.length);
    }

    private static int recurse(int depth) {
        return depth < 0 ? 0 : recurse(depth + 1) + 1;
    }

    private static final class ThrowingListener extends org.apache.spark.scheduler.SparkListener {
        private int calls;

        @Override
        public void onTaskEnd(org.apache.spark.scheduler.SparkListenerTaskEnd event) {
            // Only a few times, because the listener stays for the rest of the suite.
            if (++calls <= 3) {
                throw new IllegalStateException("a listener of a job throws");
            }
        }
    }

    /** An exception without a usable message. */
    private static final class UnprintableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }
    }
}
