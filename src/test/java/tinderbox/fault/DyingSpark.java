package tinderbox.fault;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkContext$;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;

/** Has Spark stop under the first task that it runs. Spark itself loads this, by {@code spark.plugins}. */
public final class DyingSpark implements SparkPlugin {
    @Override
    public DriverPlugin driverPlugin() {
        return null;
    }

    @Override
    public ExecutorPlugin executorPlugin() {
        return new Stop();
    }

    private static final class Stop implements ExecutorPlugin {
        private static final long LOOK_EVERY_NANOS = Duration.ofMillis(10).toNanos();
        private static final Duration AT_MOST = Duration.ofSeconds(30);

        @Override
        public void onTaskStart() {
            SparkContext$.MODULE$.getActive().foreach(context -> {
                new Thread(context::stop, "stops-spark").start();
                return null;
            });
            // The task must not end before Spark has.
            long deadline = System.nanoTime() + AT_MOST.toNanos();
            while (SparkContext$.MODULE$.getActive().nonEmpty() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(LOOK_EVERY_NANOS);
            }
        }
    }
}
