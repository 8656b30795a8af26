package tinderbox.spark;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import tinderbox.job.Progress;

/** The counts of one job group. A skipped stage counts as done, and a task that is run again counts once. */
final class GroupProgress {
    private final Map<Integer, Stage> stages = new HashMap<>();
    private long bytesRead;

    private static final class Stage {
        private final int sparkJob;
        private final int tasks;
        private final BitSet done = new BitSet();
        private int running;
        private boolean complete;

        private Stage(int sparkJob, int tasks) {
            this.sparkJob = sparkJob;
            this.tasks = tasks;
        }

        private int tasksDone() {
            return complete ? tasks : done.cardinality();
        }
    }

    synchronized void stageKnown(int sparkJob, int stage, int tasks) {
        stages.computeIfAbsent(stage, id -> new Stage(sparkJob, tasks));
    }

    synchronized void stageDone(int stage) {
        Stage known = stages.get(stage);
        if (known != null) {
            known.complete = true;
        }
    }

    /** What a finished Spark job did not run, it skipped. */
    synchronized void jobEnded(int sparkJob) {
        for (Stage stage : stages.values()) {
            if (stage.sparkJob == sparkJob && stage.running == 0) {
                stage.complete = true;
            }
        }
    }

    synchronized void taskStarted(int stage) {
        Stage known = stages.get(stage);
        if (known != null) {
            known.running++;
        }
    }

    synchronized void taskEnded(int stage, int index, boolean successful, long bytes) {
        Stage known = stages.get(stage);
        if (known == null) {
            return;
        }
        known.running = Math.max(0, known.running - 1);
        if (successful && !known.done.get(index)) {
            known.done.set(index);
            bytesRead += bytes;
        }
    }

    synchronized Progress toProgress(String phase, Long bytesTotal) {
        int stagesDone = 0;
        int tasksDone = 0;
        int tasksRunning = 0;
        int tasksTotal = 0;
        for (Stage stage : stages.values()) {
            stagesDone += stage.complete ? 1 : 0;
            tasksDone += stage.tasksDone();
            tasksRunning += stage.running;
            tasksTotal += stage.tasks;
        }
        return new Progress(
                phase, stagesDone, stages.size(), tasksDone, tasksRunning, tasksTotal, bytesRead, bytesTotal);
    }
}
