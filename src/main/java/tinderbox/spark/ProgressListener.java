package tinderbox.spark;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.JobSucceeded$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Counts stages and tasks by job group. Spark may drop events under load, so this tells progress and never
 * decides an end.
 */
final class ProgressListener extends SparkListener {
    private static final String GROUP = "spark.jobGroup.id";
    private static final String QUEUE = "tinderbox";
    private static final Duration CATCH_UP_WITHIN = Duration.ofSeconds(2);

    private final Map<String, JobGroupProgress> groups = new ConcurrentHashMap<>();

    /** Comes back from the bus once everything that was posted before it has been heard. */
    private static final class Marker implements SparkListenerEvent {
        private final CountDownLatch heard = new CountDownLatch(1);

        @Override
        public boolean logEvent() {
            return false;
        }
    }

    /** Listens to a session, through a queue of its own: listeners that jobs add do not hold it up. */
    void listenTo(SparkContext context) {
        context.listenerBus().addToQueue(this, QUEUE);
    }

    /** Begins to count for a group. */
    void watch(String group, JobGroupProgress progress) {
        groups.put(group, progress);
    }

    /** Forgets a group. */
    void forget(String group) {
        groups.remove(group);
    }

    /** Waits, not for long, until all that has happened in Spark so far has been heard. */
    void catchUp(SparkContext context) {
        if (context.isStopped()) {
            return;
        }
        Marker marker = new Marker();
        context.listenerBus().post(marker);
        try {
            // Under load the marker itself may be dropped; then what has been heard must do.
            boolean unused = marker.heard.await(CATCH_UP_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onOtherEvent(SparkListenerEvent event) {
        if (event instanceof Marker marker) {
            marker.heard.countDown();
        }
    }

    private JobGroupProgress group(Properties properties) {
        String group = properties == null ? null : properties.getProperty(GROUP);
        return group == null ? null : groups.get(group);
    }

    @Override
    public void onJobStart(SparkListenerJobStart event) {
        JobGroupProgress group = group(event.properties());
        if (group != null) {
            group.jobStarted(event.jobId(), CollectionConverters.asJava(event.stageInfos()));
        }
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
        JobGroupProgress group = group(event.properties());
        if (group != null) {
            group.stageSubmitted(event.stageInfo());
        }
    }

    // What follows does not name its group. The few that are watched are all told; to the others it is unknown.

    @Override
    public void onJobEnd(SparkListenerJobEnd event) {
        boolean succeeded = event.jobResult() == JobSucceeded$.MODULE$;
        groups.values().forEach(group -> group.jobEnded(event.jobId(), succeeded));
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted event) {
        groups.values().forEach(group -> group.stageCompleted(event.stageInfo()));
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart event) {
        groups.values().forEach(group -> group.taskStarted(event.stageId(), event.taskInfo()));
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        TaskMetricsSum taskMetricsSum = TaskMetricsSum.of(event.taskMetrics());
        groups.values().forEach(group -> group.taskEnded(event.stageId(), event.taskInfo(), taskMetricsSum));
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate event) {
        for (var task : CollectionConverters.asJava(event.accumUpdates())) {
            groups.values().forEach(group -> group.taskCounted((Integer) task._2(), (Long) task._1(), task._4()));
        }
    }
}
