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

/** A job that does what the test says and when it says so; the test finds it by the key it sent along. */
public final class BlockingJob implements JobType<BlockingJob.Request> {
    private static final ParamSpec<String> KEY = ParamSpec.string("key");
    private static final ParamSpec<String> WHERE = ParamSpec.choice(
                    "where", List.of("driver", "tasks", "stubborn", "turns"))
            .defaultsTo("driver");

    /** How many tasks a job that takes turns has for each core. */
    public static final int TURNS_A_CORE = 4;

    private static final Map<String, Gate> GATES = new ConcurrentHashMap<>();

    /** What the test and the job share. */
    public static final class Gate {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch opened = new CountDownLatch(1);
        private final Semaphore turns = new Semaphore(0);
        private final AtomicInteger liveTasks = new AtomicInteger();

        /** Waits until the job blocks. */
        public void awaitReached() throws InterruptedException {
            if (!reached.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("the job did not reach its gate");
            }
        }

        /** Waits until the test lets the job go on. */
        void pass() throws InterruptedException {
            reached.countDown();
            opened.await();
        }

        /** Lets the job go on. */
        public void open() {
            opened.countDown();
        }

        /** Lets so many tasks of a job go on that takes turns. */
        public void letThrough(int tasks) {
            turns.release(tasks);
        }

        /** How many of the job's tasks run at this moment. */
        public int liveTasks() {
            return liveTasks.get();
        }
    }

    /** What one job is to do. */
    public record Request(String key, String where) {}

    /** The gate of the job with this key; the same for the test and for the job, whoever asks first. */
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
        return "Waits until a test lets it go on.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of(KEY, WHERE);
    }

    @Override
    public Request parse(Params params) {
        return new Request(params.get(KEY), params.get(WHERE));
    }

    @Override
    public Map<String, Object> run(Request request, JobContext context) throws Exception {
        Gate gate = gate(request.key());
        if (request.where().equals("turns")) {
            takeTurns(request.key(), context);
        } else if (!request.where().equals("driver")) {
            String key = request.key();
            boolean stubborn = request.where().equals("stubborn");
            new JavaSparkContext(context.spark().sparkContext())
                    .parallelize(List.of(1, 2), 2)
                    .foreach(ignored -> blockInTask(key, stubborn));
        } else {
            gate.pass();
        }
        context.result(List.of(Column.string("key"))).row(List.of(request.key()));
        return Map.of("key", request.key());
    }

    /** Has many more tasks than there are cores; each ends when it is let through. */
    private static void takeTurns(String key, JobContext context) {
        int tasks = TURNS_A_CORE * context.spark().sparkContext().defaultParallelism();
        new JavaSparkContext(context.spark().sparkContext())
                .parallelize(Collections.nCopies(tasks, key), tasks)
                .foreach(theKey -> gate(theKey).turns.acquire());
    }

    private static void blockInTask(String key, boolean stubborn) throws InterruptedException {
        Gate gate = gate(key);
        gate.liveTasks.incrementAndGet();
        try {
            gate.reached.countDown();
            while (gate.opened.getCount() > 0) {
                if (!stubborn && TaskContext.get().isInterrupted()) {
                    return;
                }
                pause(gate, stubborn);
            }
        } finally {
            gate.liveTasks.decrementAndGet();
        }
    }

    /** Stubborn code takes no notice of being interrupted. */
    private static void pause(Gate gate, boolean stubborn) throws InterruptedException {
        try {
            boolean unused = gate.opened.await(10, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            if (!stubborn) {
                throw e;
            }
        }
    }
}
