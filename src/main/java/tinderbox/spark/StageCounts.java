package tinderbox.spark;

import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkContext$;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import scala.Option;
import scala.collection.immutable.Seq;
import tinderbox.job.Failure;
import tinderbox.job.StageProgress;
import tinderbox.job.StageProgress.HostTasks;
import tinderbox.job.StageProgress.State;

/**
 * The counts of one stage over all its attempts. If events are missing, the counts are too low, never too high. Guarded by
 * its {@link JobGroupProgress}.
 */
final class StageCounts {
    private static final int MAX_NAME = 200;

    private final int id;
    private final String name;
    private final Set<Integer> openJobs = new HashSet<>();
    private final BitSet done = new BitSet();
    /** The partitions of the newest attempt whose success was reported. */
    private final BitSet reported = new BitSet();

    private final Map<Long, RunningTask> running = new HashMap<>();
    /** The tasks that executors have started. */
    private final Map<String, Integer> tasksByHost = new HashMap<>();

    private State state = State.PENDING;
    private int tasks;
    private int attempts;
    private AccumulatorIds accumulatorIds;
    private int failed;
    private TaskMetricsSum finished = TaskMetricsSum.NONE;
    private Instant submittedAt;
    private Instant completedAt;
    private boolean incomplete;

    /** A running task with the metrics of its last heartbeat. */
    private record RunningTask(int partition, TaskMetricsSum metrics) {}

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
        // A later attempt has only the tasks whose output was lost.
        tasks = Math.max(tasks, info.numTasks());
        reported.clear();
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
        if (reported.cardinality() < info.numTasks()) {
            // Events of some tasks were dropped. The stage's own sum has them, but also what failed tasks read.
            incomplete = true;
            finished = finished.max(TaskMetricsSum.of(info.taskMetrics()));
        }
        complete();
    }

    private void complete() {
        state = State.COMPLETE;
        running.clear();
    }

    /** A Spark job that listed this stage has ended. A stage that no other job needs has run or will not run. */
    void jobEnded(int sparkJob, boolean succeeded) {
        if (openJobs.remove(sparkJob) && openJobs.isEmpty()) {
            noLongerNeeded(succeeded);
        }
    }

    /** The attempt has ended: nothing runs any more, and if it succeeded, all needed stages are done. */
    void attemptEnded(boolean succeeded) {
        noLongerNeeded(succeeded);
        if (succeeded && state == State.FAILED) {
            state = State.SKIPPED;
        }
        running.clear();
    }

    private void noLongerNeeded(boolean succeeded) {
        if (state == State.PENDING) {
            state = State.SKIPPED;
        } else if (state == State.RUNNING) {
            // The event of its end was dropped.
            incomplete = true;
            if (succeeded) {
                finished = metrics();
                complete();
            } else {
                state = State.FAILED;
            }
        }
    }

    void taskStarted(TaskInfo task) {
        if (!task.executorId().equals(SparkContext$.MODULE$.DRIVER_IDENTIFIER())) {
            tasksByHost.merge(ExecutorNames.host(task.host()), 1, Integer::sum);
        }
        if (!hasEnded()) {
            state = State.RUNNING;
            running.put(task.taskId(), new RunningTask(task.partitionId(), TaskMetricsSum.NONE));
        }
    }

    /** A heartbeat with metrics of a task; ignored if the task is not known to run. */
    void taskUpdated(long task, Seq<AccumulableInfo> updates) {
        if (accumulatorIds != null) {
            running.computeIfPresent(
                    task,
                    (key, before) ->
                            new RunningTask(before.partition, before.metrics.max(accumulatorIds.sum(updates))));
        }
    }

    void taskEnded(TaskInfo task, TaskMetricsSum metrics) {
        running.remove(task.taskId());
        int partition = task.partitionId();
        if (task.failed()) {
            failed++;
        }
        if (!task.successful()) {
            return;
        }
        reported.set(partition);
        if (!done.get(partition)) {
            done.set(partition);
            finished = finished.plus(metrics);
        }
    }

    /** What its tasks have read and written; of several tasks for the same partition, the most advanced counts. */
    TaskMetricsSum metrics() {
        Map<Integer, TaskMetricsSum> byPartition = new HashMap<>();
        for (RunningTask task : running.values()) {
            if (!done.get(task.partition())) {
                byPartition.merge(task.partition(), task.metrics(), TaskMetricsSum::max);
            }
        }
        return byPartition.values().stream().reduce(finished, TaskMetricsSum::plus);
    }

    boolean hasEnded() {
        return state != State.PENDING && state != State.RUNNING;
    }

    /** Whether it has completed or need not run. */
    boolean isDone() {
        return state == State.COMPLETE || state == State.SKIPPED;
    }

    int tasks() {
        return tasks;
    }

    /** The number of completed tasks, including those that need not run. */
    int tasksDone() {
        return isDone() ? tasks : Math.min(tasks, done.cardinality());
    }

    int tasksRunning() {
        return running.size();
    }

    StageProgress toProgress() {
        TaskMetricsSum metrics = metrics();
        return new StageProgress(
                id,
                attempts,
                name,
                state,
                tasks,
                state == State.COMPLETE ? tasks : Math.min(tasks, done.cardinality()),
                running.size(),
                failed,
                metrics.bytes(),
                metrics.rowsIfAny(),
                metrics.shuffleRead(),
                metrics.shuffleWritten(),
                submittedAt,
                completedAt,
                incomplete,
                hosts());
    }

    private List<HostTasks> hosts() {
        return tasksByHost.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(StageProgress.MAX_HOSTS)
                .map(entry -> new HostTasks(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Instant instant(Option<Object> millis) {
        return millis.isEmpty() ? null : Instant.ofEpochMilli((Long) millis.get());
    }
}
