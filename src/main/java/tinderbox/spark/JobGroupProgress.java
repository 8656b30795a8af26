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
 * The counts of one job group. A later Spark job lists a stage whose output it uses under a new number; it is the same
 * shuffle, and so counts as the same stage. Ended stages beyond the newest {@link ProgressReport#MAX_STAGES} are only
 * kept as a sum.
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
    /** What has been told; a failed task takes back what it had read, but nobody has to see that. */
    private TaskMetricsSum told = TaskMetricsSum.NONE;

    /** A Spark job that needs these stages has begun. */
    synchronized void jobStarted(int sparkJob, List<StageInfo> needed) {
        for (StageInfo info : needed) {
            known(info).listedBy(sparkJob);
        }
    }

    synchronized void jobEnded(int sparkJob, boolean succeeded) {
        stages.forEach(stage -> stage.jobEnded(sparkJob, succeeded));
        dropOldest();
    }

    synchronized void stageSubmitted(StageInfo info) {
        StageCounts stage = known(info);
        byStage.put(info.stageId(), stage);
        stage.submitted(info);
    }

    synchronized void stageCompleted(StageInfo info) {
        StageCounts stage = byStage.get(info.stageId());
        if (stage != null) {
            stage.completed(info);
        }
    }

    private StageCounts known(StageInfo info) {
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
        StageCounts known = byStage.get(stage);
        if (known != null) {
            known.taskStarted(task);
        }
    }

    synchronized void taskCounted(int stage, long task, Seq<AccumulableInfo> told) {
        StageCounts known = byStage.get(stage);
        if (known != null) {
            known.taskCounted(task, told);
        }
    }

    synchronized void taskEnded(int stage, TaskInfo task, TaskMetricsSum taskMetricsSum) {
        StageCounts known = byStage.get(stage);
        if (known != null) {
            known.taskEnded(task, taskMetricsSum);
        }
    }

    /** The attempt is over, whatever has been heard of its stages. */
    synchronized void settle(boolean succeeded) {
        stages.forEach(stage -> stage.settle(succeeded));
        dropOldest();
    }

    private void dropOldest() {
        Iterator<StageCounts> oldest = stages.iterator();
        while (stages.size() > ProgressReport.MAX_STAGES && oldest.hasNext()) {
            StageCounts stage = oldest.next();
            if (stage.isOver()) {
                oldest.remove();
                byStage.values().removeIf(known -> known == stage);
                byShuffle.values().removeIf(known -> known == stage);
                droppedStages++;
                droppedStagesDone += stage.isDone() ? 1 : 0;
                droppedTasks += stage.tasks();
                droppedTasksDone += stage.tasksDone();
                dropped = dropped.plus(stage.taskMetricsSum());
            }
        }
    }

    /**
     * All stages together.
     *
     * @param bytesTotal size of the input, or null where it is not known
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
            now = now.plus(stage.taskMetricsSum());
        }
        told = told.max(now);
        // A reader of a part of a file reads up to a buffer beyond its end, and a job may read its input twice.
        long bytesRead = bytesTotal == null ? told.bytes() : Math.min(told.bytes(), bytesTotal);
        return new Progress(
                phase,
                stagesDone,
                droppedStages + stages.size(),
                tasksDone,
                tasksRunning,
                tasksTotal,
                bytesRead,
                bytesTotal,
                told.rowsIfAny(),
                told.shuffleRead(),
                told.shuffleWritten());
    }

    /** The newest stages, each by itself. */
    synchronized List<StageProgress> toStages() {
        return stages.stream()
                .skip(Math.max(0, stages.size() - ProgressReport.MAX_STAGES))
                .map(StageCounts::toProgress)
                .toList();
    }

    /** How many stages {@link #toStages} does not answer. */
    synchronized int stagesDropped() {
        return droppedStages + Math.max(0, stages.size() - ProgressReport.MAX_STAGES);
    }
}
