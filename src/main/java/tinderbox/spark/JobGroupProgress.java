package tinderbox.spark;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import scala.collection.immutable.Seq;
import tinderbox.job.Progress;
import tinderbox.job.ProgressReport;
import tinderbox.job.StageProgress;

/**
 * The progress of one job group. If a later Spark job uses the output of a stage again, Spark gives the stage a new number;
 * the shuffle is the same, so it counts as the same stage. Of ended stages beyond the newest {@link
 * ProgressReport#MAX_STAGES}, only the sum is kept.
 */
final class JobGroupProgress {
    private final Set<StageCounts> stages = new LinkedHashSet<>();
    private final Map<Integer, StageCounts> byStage = new HashMap<>();
    private final Map<Integer, StageCounts> byShuffle = new HashMap<>();
    private int droppedStages;
    private int droppedStagesDone;
    private int droppedTasks;
    private int droppedTasksDone;
    private TaskMetricsSum dropped = TaskMetricsSum.NONE;
    /** The highest values so far: a failed task reduces the sum, but reported progress must not decrease. */
    private TaskMetricsSum reported = TaskMetricsSum.NONE;

    /** Records that a Spark job with these stages has started. */
    synchronized void jobStarted(int sparkJob, List<StageInfo> needed) {
        for (StageInfo info : needed) {
            stageOf(info).listedBy(sparkJob);
        }
    }

    synchronized void jobEnded(int sparkJob, boolean succeeded) {
        stages.forEach(stage -> stage.jobEnded(sparkJob, succeeded));
        dropOldest();
    }

    synchronized void stageSubmitted(StageInfo info) {
        StageCounts stage = stageOf(info);
        byStage.put(info.stageId(), stage);
        stage.submitted(info);
    }

    synchronized void stageCompleted(StageInfo info) {
        StageCounts stage = byStage.get(info.stageId());
        if (stage != null) {
            stage.completed(info);
        }
    }

    private StageCounts stageOf(StageInfo info) {
        Integer shuffle =
                info.shuffleDepId().isDefined() ? (Integer) info.shuffleDepId().get() : null;
        StageCounts stage = byStage.get(info.stageId());
        if (stage == null && shuffle != null) {
            stage = byShuffle.get(shuffle);
        }
        if (stage == null) {
            stage = new StageCounts(info);
            stages.add(stage);
            byStage.put(info.stageId(), stage);
            if (shuffle != null) {
                byShuffle.put(shuffle, stage);
            }
        }
        return stage;
    }

    synchronized void taskStarted(int stage, TaskInfo task) {
        StageCounts counts = byStage.get(stage);
        if (counts != null) {
            counts.taskStarted(task);
        }
    }

    synchronized void taskUpdated(int stage, long task, Seq<AccumulableInfo> updates) {
        StageCounts counts = byStage.get(stage);
        if (counts != null) {
            counts.taskUpdated(task, updates);
        }
    }

    synchronized void taskEnded(int stage, TaskInfo task, TaskMetricsSum metrics) {
        StageCounts counts = byStage.get(stage);
        if (counts != null) {
            counts.taskEnded(task, metrics);
        }
    }

    /** Completes the totals of an ended attempt, even if events of its stages are missing. */
    synchronized void attemptEnded(boolean succeeded) {
        stages.forEach(stage -> stage.attemptEnded(succeeded));
        dropOldest();
    }

    private void dropOldest() {
        Iterator<StageCounts> oldest = stages.iterator();
        while (stages.size() > ProgressReport.MAX_STAGES && oldest.hasNext()) {
            StageCounts stage = oldest.next();
            if (stage.hasEnded()) {
                oldest.remove();
                byStage.values().removeIf(other -> other == stage);
                byShuffle.values().removeIf(other -> other == stage);
                droppedStages++;
                droppedStagesDone += stage.isDone() ? 1 : 0;
                droppedTasks += stage.tasks();
                droppedTasksDone += stage.tasksDone();
                dropped = dropped.plus(stage.metrics());
            }
        }
    }

    /**
     * The total of all stages.
     *
     * @param bytesTotal size of the input, or null if it is not known
     */
    synchronized Progress toProgress(String phase, Long bytesTotal) {
        int stagesDone = droppedStagesDone;
        int tasksDone = droppedTasksDone;
        int tasksRunning = 0;
        int tasksTotal = droppedTasks;
        TaskMetricsSum now = dropped;
        for (StageCounts stage : stages) {
            stagesDone += stage.isDone() ? 1 : 0;
            tasksDone += stage.tasksDone();
            tasksRunning += stage.tasksRunning();
            tasksTotal += stage.tasks();
            now = now.plus(stage.metrics());
        }
        reported = reported.max(now);
        // A reader of a part of a file may read up to a buffer beyond its end, and a job may read its input twice.
        long bytesRead = bytesTotal == null ? reported.bytes() : Math.min(reported.bytes(), bytesTotal);
        return new Progress(
                phase,
                stagesDone,
                droppedStages + stages.size(),
                tasksDone,
                tasksRunning,
                tasksTotal,
                bytesRead,
                bytesTotal,
                reported.rowsIfAny(),
                reported.shuffleRead(),
                reported.shuffleWritten());
    }

    /** The newest stages. */
    synchronized List<StageProgress> toStages() {
        return stages.stream()
                .skip(Math.max(0, stages.size() - ProgressReport.MAX_STAGES))
                .map(StageCounts::toProgress)
                .toList();
    }

    /** How many stages {@link #toStages} leaves out. */
    synchronized int stagesDropped() {
        return droppedStages + Math.max(0, stages.size() - ProgressReport.MAX_STAGES);
    }
}
