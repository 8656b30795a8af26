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
                    "how", List.of("in-driver", "in-task", "error", "out-of-memory"))
            .defaultsTo("in-driver");

    /** The ways to fail. */
    public enum How {
        IN_DRIVER,
        IN_TASK,
        ERROR,
        OUT_OF_MEMORY
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
            case OUT_OF_MEMORY -> throw new OutOfMemoryError("Java heap space");
        }
        return Map.of();
    }
}
