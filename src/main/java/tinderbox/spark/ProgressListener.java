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
 * Counts stages and tasks by job group. Spark may drop events under load, so this only reports progress and never decides
 * that an attempt has ended.
 */
final class ProgressListener extends SparkListener {
    static final String GROUP = "spark.jobGroup.id";
    static final String QUEUE = "tinderbox";
    private static final Duration CATCH_UP_WITHIN = Duration.ofSeconds(2);

    private final Map<String, JobGroupProgress> groups = new ConcurrentHashMap<>();

    /** Arrives once all events that were posted before it have arrived. */
    private static final class Marker implements SparkListenerEvent {
        private final CountDownLatch reached = new CountDownLatch(1);

        @Override
        public boolean logEvent() {
            return false;
        }
    }

    /** Listens to a session in a separate queue, so listeners that jobs add cannot delay it. */
    void listenTo(SparkContext context) {
        addToQueue(context, this);
    }

    /** Adds another listener to that queue. */
    void addToQueue(SparkContext context, SparkListener listener) {
        context.listenerBus().addToQueue(listener, QUEUE);
    }

    /** Starts counting for a group. */
    void watch(String group, JobGroupProgress progress) {
        groups.put(group, progress);
    }

    void forget(String group) {
        groups.remove(group);
    }

    /** Waits a limited time until all events so far have arrived. */
    void catchUp(SparkContext context) {
        if (context.isStopped()) {
            return;
        }
        Marker marker = new Marker();
        context.listenerBus().post(marker);
        try {
            // Under load the marker itself may be dropped.
            boolean unused = marker.reached.await(CATCH_UP_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onOtherEvent(SparkListenerEvent event) {
        if (event instanceof Marker marker) {
            marker.reached.countDown();
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

    // These events do not name their group, so each group gets them and ignores the stages of others.

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
        TaskMetricsSum metrics = TaskMetricsSum.of(event.taskMetrics());
        groups.values().forEach(group -> group.taskEnded(event.stageId(), event.taskInfo(), metrics));
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate event) {
        for (var task : CollectionConverters.asJava(event.accumUpdates())) {
            groups.values().forEach(group -> group.taskUpdated((Integer) task._2(), (Long) task._1(), task._4()));
        }
    }
}
