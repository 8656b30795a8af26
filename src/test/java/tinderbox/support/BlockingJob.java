package tinderbox.support;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import tinderbox.job.result.Column;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;

/** A job that blocks until a test lets it continue. Test and job share a {@link Gate}, which a key identifies. */
public final class BlockingJob implements JobType<BlockingJob.Request> {
    private static final ParamSpec<String> KEY = ParamSpec.string("key");
    private static final ParamSpec<String> MODE = ParamSpec.choice(
                    "mode", List.of("driver", "tasks", "uninterruptible-tasks", "one-by-one"))
            .defaultsTo("driver");

    /** How many tasks per core a {@code one-by-one} job has. */
    public static final int TASKS_PER_CORE = 4;

    private static final Map<String, Gate> GATES = new ConcurrentHashMap<>();

    /** Synchronizes a test with a job. */
    public static final class Gate {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch opened = new CountDownLatch(1);
        private final Semaphore permits = new Semaphore(0);
        private final AtomicInteger runningTasks = new AtomicInteger();

        /** Waits until the job blocks. */
        public void awaitReached() throws InterruptedException {
            if (!reached.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("the job did not reach its gate");
            }
        }

        /** Waits until the test opens the gate. */
        void pass() throws InterruptedException {
            reached.countDown();
            opened.await();
        }

        /** Lets the job continue. */
        public void open() {
            opened.countDown();
        }

        /** Lets this many tasks of a {@code one-by-one} job complete. */
        public void letThrough(int tasks) {
            permits.release(tasks);
        }

        /** How many of the job's tasks are running. */
        public int runningTasks() {
            return runningTasks.get();
        }
    }

    public record Request(String key, String mode) {}

    /** The gate with this key, created on the first call. */
    public static Gate gate(String key) {
        return GATES.computeIfAbsent(key, ignored -> new Gate());
    }

    @Override
    public String name() {
        return "blocking";
    }

    @Override
    public String title() {
        return "Blocking";
    }

    @Override
    public String description() {
        return "Waits until a test lets it continue.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of(KEY, MODE);
    }

    @Override
    public Request parse(Params params) {
        return new Request(params.get(KEY), params.get(MODE));
    }

    @Override
    public Map<String, Object> run(Request request, JobContext context) throws Exception {
        Gate gate = gate(request.key());
        if (request.mode().equals("one-by-one")) {
            runOneByOne(request.key(), context);
        } else if (!request.mode().equals("driver")) {
            String key = request.key();
            boolean uninterruptible = request.mode().equals("uninterruptible-tasks");
            new JavaSparkContext(context.spark().sparkContext())
                    .parallelize(List.of(1, 2), 2)
                    .foreach(ignored -> blockInTask(key, uninterruptible));
        } else {
            gate.pass();
        }
        context.result(List.of(Column.string("key"))).row(List.of(request.key()));
        return Map.of("key", request.key());
    }

    /** Runs many more tasks than there are cores; each completes when the test lets it through. */
    private static void runOneByOne(String key, JobContext context) {
        int tasks = TASKS_PER_CORE * context.spark().sparkContext().defaultParallelism();
        new JavaSparkContext(context.spark().sparkContext())
                .parallelize(Collections.nCopies(tasks, key), tasks)
                .foreach(taskKey -> gate(taskKey).permits.acquire());
    }

    private static void blockInTask(String key, boolean uninterruptible) throws InterruptedException {
        Gate gate = gate(key);
        gate.runningTasks.incrementAndGet();
        try {
            gate.reached.countDown();
            while (gate.opened.getCount() > 0) {
                if (!uninterruptible && TaskContext.get().isInterrupted()) {
                    return;
                }
                pause(gate, uninterruptible);
            }
        } finally {
            gate.runningTasks.decrementAndGet();
        }
    }

    /** Ignores interrupts if {@code uninterruptible}. */
    private static void pause(Gate gate, boolean uninterruptible) throws InterruptedException {
        try {
            boolean unused = gate.opened.await(10, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            if (!uninterruptible) {
                throw e;
            }
        }
    }
}
