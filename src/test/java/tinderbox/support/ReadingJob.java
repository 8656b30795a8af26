package tinderbox.support;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.Tuple2;
import tinderbox.dataset.Dataset;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;

/** A job that reads its input in a given way. */
public final class ReadingJob implements JobType<ReadingJob.Request> {
    private static final ParamSpec<String> INPUT = ParamSpec.dataset("input");
    private static final ParamSpec<String> MODE =
            ParamSpec.choice("mode", List.of("twice", "then-fail", "late-listener", "custom-reader"));
    private static final ParamSpec<String> KEY = ParamSpec.string("key").defaultsTo("");

    private static final Map<String, Semaphore> HALVES = new ConcurrentHashMap<>();

    public record Request(String input, String mode, String key) {}

    /** Lets the task of the {@code custom-reader} job with this key read another half of its input. */
    public static void readHalf(String key) {
        halves(key).release();
    }

    private static Semaphore halves(String key) {
        return HALVES.computeIfAbsent(key, ignored -> new Semaphore(0));
    }

    @Override
    public String name() {
        return "reading";
    }

    @Override
    public String title() {
        return "Reading";
    }

    @Override
    public String description() {
        return "Reads.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of(INPUT, MODE, KEY);
    }

    @Override
    public Request parse(Params params) {
        return new Request(params.get(INPUT), params.get(MODE), params.get(KEY));
    }

    @Override
    public Map<String, Object> run(Request request, JobContext context) {
        Dataset input = context.input(request.input());
        context.phase("reading");
        var spark = new JavaSparkContext(context.spark().sparkContext());
        JavaRDD<String> lines = spark.textFile(input.files().get(0).address(), 2);
        switch (request.mode()) {
            case "twice" -> {
                long first = lines.count();
                return Map.of("lines", first + lines.count());
            }
            case "then-fail" ->
                lines.mapToPair(line -> new Tuple2<>(line.length(), 1))
                        .reduceByKey(Integer::sum)
                        .foreach(count -> {
                            throw new IllegalStateException("the second stage came off");
                        });
            case "late-listener" -> {
                spark.sc().listenerBus().addToQueue(new SlowListener(), "tinderbox");
                return Map.of("lines", lines.count());
            }
            default -> {
                String key = request.key();
                long bytes = input.bytes();
                spark.parallelize(List.of(1), 1).foreach(one -> readWithCustomReader(key, bytes));
            }
        }
        return Map.of();
    }

    /** Delays the queue of the server's own listener, so that it receives task events after the tasks have completed. */
    private static final class SlowListener extends SparkListener {
        private int calls;

        @Override
        public void onTaskEnd(SparkListenerTaskEnd event) {
            // Only twice, because the listener stays for the rest of the suite.
            if (++calls <= 2) {
                LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            }
        }
    }

    private static void readWithCustomReader(String key, long bytes) throws InterruptedException {
        for (int half = 0; half < 2; half++) {
            while (!halves(key).tryAcquire(10, TimeUnit.MILLISECONDS)) {
                TaskContext.get().killTaskIfInterrupted();
            }
            TaskContext.get().taskMetrics().inputMetrics().incBytesRead(bytes / 2);
        }
    }
}
