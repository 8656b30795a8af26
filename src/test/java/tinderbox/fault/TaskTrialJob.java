package tinderbox.fault;

import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.LoggerFactory;
import tinderbox.dataset.Dataset;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;

/** Four tasks, each of which does what a test wants to see of an executor. */
final class TaskTrialJob implements JobType<TaskTrialJob.Request> {
    /** How many lines a task writes that writes too many. */
    static final int FLOOD = 1_000;

    static final int TASKS = 4;

    private static final ParamSpec<String> INPUT = ParamSpec.dataset("input").title("Dataset");
    private static final ParamSpec<String> TRIAL = ParamSpec.string("trial").title("Trial");
    private static final ParamSpec<String> UNTIL =
            ParamSpec.string("until").title("Until").defaultsTo("");
    private static final Duration HOLD_AT_MOST = Duration.ofMinutes(2);

    /** What a task does. */
    enum Trial {
        SPEAK,
        FLOOD,
        FAIL_ONCE,
        EAT,
        WAIT,
        HOLD,
        PAUSE,
        QUERY
    }

    /**
     * What to do.
     *
     * @param until the file whose existence ends the tasks that HOLD
     */
    record Request(String input, Trial trial, String until) {}

    @Override
    public String name() {
        return "task-trial";
    }

    @Override
    public String title() {
        return "Task trial";
    }

    @Override
    public String description() {
        return "Tries what executors do.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of(INPUT, TRIAL, UNTIL);
    }

    @Override
    public Request parse(Params params) {
        return new Request(params.get(INPUT), Trial.valueOf(params.get(TRIAL)), params.get(UNTIL));
    }

    @Override
    public Map<String, Object> run(Request request, JobContext context) {
        Dataset input = context.input(request.input());
        if (request.trial() == Trial.QUERY) {
            return Map.of(
                    "lines",
                    context.spark()
                            .read()
                            .text(input.addresses().toArray(String[]::new))
                            .count());
        }
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < TASKS; i++) {
            numbers.add(i);
        }
        new JavaSparkContext(context.spark().sparkContext())
                .parallelize(numbers, TASKS)
                .foreach(new Task(request.trial(), request.until())::run);
        return Map.of();
    }

    private record Task(Trial trial, String until) implements Serializable {
        void run(int number) {
            switch (trial) {
                case SPEAK -> speak(number);
                case FLOOD -> {
                    for (int i = 0; i < FLOOD; i++) {
                        System.out.println("line " + i);
                    }
                }
                case FAIL_ONCE -> {
                    if (number == 0 && TaskContext.get().attemptNumber() == 0) {
                        throw new IllegalStateException("came off once");
                    }
                }
                case EAT -> {
                    List<byte[]> eaten = new ArrayList<>();
                    while (eaten.size() < 1_000) {
                        eaten.add(new byte[16 << 20]);
                    }
                }
                case WAIT ->
                    LockSupport.parkNanos(
                            Duration.ofSeconds(number == 0 ? 15 : 1).toNanos());
                case HOLD -> hold();
                case PAUSE -> LockSupport.parkNanos(Duration.ofSeconds(4).toNanos());
                default -> throw new IllegalArgumentException(trial.name());
            }
        }

        private void hold() {
            long deadline = System.nanoTime() + HOLD_AT_MOST.toNanos();
            while (!Files.exists(Path.of(until)) && System.nanoTime() < deadline && !Thread.interrupted()) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }

        private static void speak(int number) {
            LoggerFactory.getLogger(TaskTrialJob.class)
                    .info("task {} logs \u202e in {}/x", number, System.getProperty("user.dir"));
            System.out.println("task " + number + " prints");
            System.out.print("task " + number + " has not ended its line");
        }
    }
}
