package tinderbox.spark;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Stops the Spark jobs of an attempt at the first failure of a task that makes another try pointless. Spark would try the
 * task four times, and fail it as often.
 */
final class FatalTaskFailures extends SparkListener {
    private final SparkContext spark;
    private final String group;
    private final Predicate<Throwable> isFatal;
    private final Set<Object> stages = ConcurrentHashMap.newKeySet();

    private FatalTaskFailures(SparkContext spark, String group, Predicate<Throwable> isFatal) {
        this.spark = spark;
        this.group = group;
        this.isFatal = isFatal;
    }

    /** Watches the Spark jobs of this group, until {@link #stop}. */
    static FatalTaskFailures watch(SparkContext spark, String group, Predicate<Throwable> isFatal) {
        FatalTaskFailures watch = new FatalTaskFailures(spark, group, isFatal);
        // A local master tries each task once.
        if (!spark.isLocal()) {
            spark.listenerBus().addToQueue(watch, ProgressListener.QUEUE);
        }
        return watch;
    }

    void stop() {
        spark.removeSparkListener(this);
    }

    @Override
    public void onJobStart(SparkListenerJobStart event) {
        if (event.properties() != null && group.equals(event.properties().getProperty(ProgressListener.GROUP))) {
            event.stageIds().foreach(stages::add);
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        if (stages.contains(event.stageId())
                && event.reason() instanceof ExceptionFailure failure
                && failure.exception().isDefined()
                && isFatal.test(failure.exception().get())) {
            spark.cancelJobGroup(group, "because of " + failure.description());
        }
    }
}
