package tinderbox.spark;

import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import scala.Option;
import scala.collection.immutable.Seq;
import tinderbox.job.Failure;
import tinderbox.job.StageProgress;
import tinderbox.job.StageProgress.State;

/**
 * The counts of one stage over all its attempts. Events may be missing: then it knows less, but never more than there
 * is. Guarded by its {@link JobGroupProgress}.
 */
final class StageCounts {
    private static final int MAX_NAME = 200;

    private final int id;
    private final String name;
    private final Set<Integer> openJobs = new HashSet<>();
    private final BitSet done = new BitSet();
    /** The partitions of the newest attempt whose success has been heard of. */
    private final BitSet heard = new BitSet();

    private final Map<Long, Live> live = new HashMap<>();
    private State state = State.PENDING;
    private int tasks;
    private int attempts;
    private AccumulatorIds accumulatorIds;
    private int failed;
    private TaskMetricsSum settled = TaskMetricsSum.NONE;
    private Instant submittedAt;
    private Instant completedAt;
    private boolean incomplete;

    /** A running task, with what its executor has told of it so far. */
    private record Live(int partition, TaskMetricsSum taskMetricsSum) {}

    StageCounts(StageInfo info) {
        this.id = info.stageId();
        this.name = Failure.withoutFolders(
                info.name().substring(0, Math.min(info.name().length(), MAX_NAME)));
        this.tasks = info.numTasks();
    }

    /** A Spark job needs this stage, or its output. */
    void listedBy(int sparkJob) {
        openJobs.add(sparkJob);
    }

    void submitted(StageInfo info) {
        state = State.RUNNING;
        attempts++;
        accumulatorIds = AccumulatorIds.of(info.taskMetrics());
        // A further attempt has only those tasks whose output was lost.
        tasks = Math.max(tasks, info.numTasks());
        heard.clear();
        completedAt = null;
        if (submittedAt == null) {
            submittedAt = instant(info.submissionTime());
        }
    }

    void completed(StageInfo info) {
        completedAt = instant(info.completionTime());
        if (submittedAt == null) {
            submittedAt = instant(info.submissionTime());
        }
        if (info.failureReason().isDefined()) {
            state = State.FAILED;
            return;
        }
        if (heard.cardinality() < info.numTasks()) {
            // The ends of some tasks were dropped; the stage's own sum has them, if also what was read in vain.
            incomplete = true;
            settled = settled.max(TaskMetricsSum.of(info.taskMetrics()));
        }
        complete();
    }

    private void complete() {
        state = State.COMPLETE;
        live.clear();
    }

    /** A Spark job that listed this stage has ended; what no other still needs has run by now or will not run. */
    void jobEnded(int sparkJob, boolean succeeded) {
        if (openJobs.remove(sparkJob) && openJobs.isEmpty()) {
            end(succeeded);
        }
    }

    /** The attempt is over: nothing runs any more, and where it succeeded, all that was needed is done. */
    void settle(boolean succeeded) {
        end(succeeded);
        if (succeeded && state == State.FAILED) {
            state = State.SKIPPED;
        }
        live.clear();
    }

    private void end(boolean succeeded) {
        if (state == State.PENDING) {
            state = State.SKIPPED;
        } else if (state == State.RUNNING) {
            // That it ended was dropped.
            incomplete = true;
            if (succeeded) {
                settled = taskMetricsSum();
                complete();
            } else {
                state = State.FAILED;
            }
        }
    }

    void taskStarted(TaskInfo task) {
        if (!isOver()) {
            state = State.RUNNING;
            live.put(task.taskId(), new Live(task.partitionId(), TaskMetricsSum.NONE));
        }
    }

    /** What a running task has counted so far; nothing where it is not known to run. */
    void taskCounted(long task, Seq<AccumulableInfo> told) {
        if (accumulatorIds != null) {
            live.computeIfPresent(
                    task,
                    (key, before) -> new Live(before.partition, before.taskMetricsSum.max(accumulatorIds.read(told))));
        }
    }

    void taskEnded(TaskInfo task, TaskMetricsSum taskMetricsSum) {
        live.remove(task.taskId());
        int partition = task.partitionId();
        if (task.failed()) {
            failed++;
        }
        if (!task.successful()) {
            return;
        }
        heard.set(partition);
        if (!done.get(partition)) {
            done.set(partition);
            settled = settled.plus(taskMetricsSum);
        }
    }

    /** What its tasks have read and written; of several that do the same work, the one that is ahead counts. */
    TaskMetricsSum taskMetricsSum() {
        Map<Integer, TaskMetricsSum> running = new HashMap<>();
        for (Live task : live.values()) {
            if (!done.get(task.partition())) {
                running.merge(task.partition(), task.taskMetricsSum(), TaskMetricsSum::max);
            }
        }
        return running.values().stream().reduce(settled, TaskMetricsSum::plus);
    }

    boolean isOver() {
        return state != State.PENDING && state != State.RUNNING;
    }

    /** Whether nothing of it is left to do. */
    boolean isDone() {
        return state == State.COMPLETE || state == State.SKIPPED;
    }

    int tasks() {
        return tasks;
    }

    /** Those that need not run among them. */
    int tasksDone() {
        return isDone() ? tasks : Math.min(tasks, done.cardinality());
    }

    int tasksRunning() {
        return live.size();
    }

    StageProgress toProgress() {
        TaskMetricsSum taskMetricsSum = taskMetricsSum();
        return new StageProgress(
                id,
                attempts,
                name,
                state,
                tasks,
                state == State.COMPLETE ? tasks : Math.min(tasks, done.cardinality()),
                live.size(),
                failed,
                taskMetricsSum.bytes(),
                taskMetricsSum.rowsIfAny(),
                taskMetricsSum.shuffleRead(),
                taskMetricsSum.shuffleWritten(),
                submittedAt,
                completedAt,
                incomplete);
    }

    private static Instant instant(Option<Object> millis) {
        return millis.isEmpty() ? null : Instant.ofEpochMilli((Long) millis.get());
    }
}
