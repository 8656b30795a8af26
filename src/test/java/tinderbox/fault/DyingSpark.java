package tinderbox.fault;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkContext$;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;

/** A Spark plugin that stops Spark during the first task. Loaded by {@code spark.plugins}. */
public final class DyingSpark implements SparkPlugin {
    @Override
    public DriverPlugin driverPlugin() {
        return null;
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new StopOnTask();
    }

    private static final class StopOnTask implements ExecutorPlugin {
        private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();
        private static final Duration TIMEOUT = Duration.ofSeconds(30);

        @Override
        public void onTaskStart() {
            SparkContext$.MODULE$.getActive().foreach(context -> {
                new Thread(context::stop, "stops-spark").start();
                return null;
            });
            // The task must not complete before Spark has stopped.
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (SparkContext$.MODULE$.getActive().nonEmpty() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }
}
