package tinderbox.support;

import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;

/** A job that fails in the way it is told to. */
public final class FailingJob implements JobType<FailingJob.How> {
    private static final ParamSpec<String> HOW = ParamSpec.choice(
                    "how",
                    List.of(
                            "in-driver",
                            "in-task",
                            "error",
                            "out-of-memory",
                            "out-of-memory-in-task",
                            "deep-in-task",
                            "listener",
                            "stop-spark",
                            "untellable"))
            .defaultsTo("in-driver");

    /** The ways to fail. */
    public enum How {
        IN_DRIVER,
        IN_TASK,
        ERROR,
        OUT_OF_MEMORY,
        OUT_OF_MEMORY_IN_TASK,
        DEEP_IN_TASK,
        LISTENER,
        STOP_SPARK,
        UNTELLABLE
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
        return List.of(HOW);
    }

    @Override
    public How parse(Params params) {
        return How.valueOf(params.get(HOW).replace('-', '_').toUpperCase(java.util.Locale.ROOT));
    }

    @Override
    public Map<String, Object> run(How how, JobContext context) {
        switch (how) {
            case IN_DRIVER -> throw new IllegalStateException("the third wheel in /opt/secret/place came off");
            case IN_TASK ->
                new JavaSparkContext(context.spark().sparkContext())
                        .parallelize(List.of(1, 2), 2)
                        .foreach(number -> {
                            throw new IllegalStateException("the wheel of task " + number + " came off");
                        });
            case ERROR -> throw new StackOverflowError("too deep");
            case OUT_OF_MEMORY -> tooMuch();
            case OUT_OF_MEMORY_IN_TASK -> inTask(context, FailingJob::tooMuch);
            case DEEP_IN_TASK -> inTask(context, () -> deeper(0));
            case LISTENER -> {
                context.spark().sparkContext().addSparkListener(new ThrowingListener());
                inTask(context, () -> {});
            }
            case STOP_SPARK -> {
                context.spark().stop();
                throw new IllegalStateException("stopped Spark");
            }
            case UNTELLABLE -> throw new Untellable();
        }
        return Map.of();
    }

    /** Something to do in a task. */
    private interface Deed extends java.io.Serializable {
        void run();
    }

    private static void inTask(JobContext context, Deed deed) {
        new JavaSparkContext(context.spark().sparkContext())
                .parallelize(List.of(1, 2), 2)
                .foreach(number -> deed.run());
    }

    /** More than the heap has, at once: the error is real, and nobody else goes short. */
    private static void tooMuch() {
        long[][] much = new long[64][];
        for (int i = 0; i < much.length; i++) {
            much[i] = new long[Integer.MAX_VALUE - 8];
        }
        throw new IllegalStateException("this machine has memory without end: " + much.length);
    }

    private static int deeper(int depth) {
        return depth < 0 ? 0 : deeper(depth + 1) + 1;
    }

    private static final class ThrowingListener extends org.apache.spark.scheduler.SparkListener {
        private int calls;

        @Override
        public void onTaskEnd(org.apache.spark.scheduler.SparkListenerTaskEnd event) {
            // Not for the rest of the suite.
            if (++calls <= 3) {
                throw new IllegalStateException("a listener of a job throws");
            }
        }
    }

    /** Cannot even be printed. */
    private static final class Untellable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }
    }
}
