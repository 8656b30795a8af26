package tinderbox.spark;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.StageInfo;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Counts stages and tasks by job group. Spark may drop events under load, so this tells progress and never
 * decides an end.
 */
final class ProgressListener extends SparkListener {
    private static final String GROUP = "spark.jobGroup.id";

    private final Map<String, GroupProgress> groups = new ConcurrentHashMap<>();
    private final Map<Integer, GroupProgress> byJob = new ConcurrentHashMap<>();
    private final Map<Integer, GroupProgress> byStage = new ConcurrentHashMap<>();

    /** Begins to count for a group. */
    GroupProgress watch(String group) {
        GroupProgress progress = new GroupProgress();
        groups.put(group, progress);
        return progress;
    }

    /** Forgets a group. */
    void forget(String group) {
        GroupProgress progress = groups.remove(group);
        byJob.values().removeIf(value -> value == progress);
        byStage.values().removeIf(value -> value == progress);
    }

    @Override
    public void onJobStart(SparkListenerJobStart event) {
        Properties properties = event.properties();
        String group = properties == null ? null : properties.getProperty(GROUP);
        GroupProgress progress = group == null ? null : groups.get(group);
        if (progress == null) {
            return;
        }
        byJob.put(event.jobId(), progress);
        for (StageInfo stage : CollectionConverters.asJava(event.stageInfos())) {
            byStage.put(stage.stageId(), progress);
            progress.stageKnown(event.jobId(), stage.stageId(), stage.numTasks());
        }
    }

    @Override
    public void onJobEnd(SparkListenerJobEnd event) {
        GroupProgress progress = byJob.remove(event.jobId());
        if (progress != null) {
            progress.jobEnded(event.jobId());
        }
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted event) {
        GroupProgress progress = byStage.get(event.stageInfo().stageId());
        if (progress != null && event.stageInfo().failureReason().isEmpty()) {
            progress.stageDone(event.stageInfo().stageId());
        }
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart event) {
        GroupProgress progress = byStage.get(event.stageId());
        if (progress != null) {
            progress.taskStarted(event.stageId());
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        GroupProgress progress = byStage.get(event.stageId());
        if (progress != null) {
            long bytes = event.taskMetrics() == null
                    ? 0
                    : event.taskMetrics().inputMetrics().bytesRead();
            progress.taskEnded(
                    event.stageId(), event.taskInfo().index(), event.taskInfo().successful(), bytes);
        }
    }
}
