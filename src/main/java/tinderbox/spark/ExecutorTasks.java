package tinderbox.spark;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.FetchFailed;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import tinderbox.common.Causes;

/**
 * On which executors of a cluster the running jobs have had tasks. Tells a job of its executors that are lost, and of its
 * failed tasks that run again. Thread-safe.
 */
final class ExecutorTasks extends SparkListener {
    /** Lines about failed tasks in one attempt. */
    private static final int MAX_FAILURES_TOLD = 20;

    private final ProgressListener progress;
    private final Executors executors;
    private final BiConsumer<String, String> tell;
    private final Map<String, Group> groups = new HashMap<>();
    private final Map<Integer, Group> byStage = new HashMap<>();
    private SparkContext context;
    private int maxTaskFailures = 4;

    /** The tasks of one attempt. */
    private static final class Group {
        private final String job;
        private final Set<String> executors = new HashSet<>();
        /** The executor of each task that runs. */
        private final Map<Long, String> running = new HashMap<>();
        /** How many running tasks were lost with an executor that Spark has not reported lost yet. */
        private final Map<String, Integer> lostWith = new HashMap<>();

        private final Map<String, Integer> failures = new HashMap<>();
        private int failuresTold;
        private boolean ranOutOfMemory;

        private Group(String job) {
            this.job = job;
        }

        private int running(String executor) {
            return (int) running.values().stream().filter(executor::equals).count();
        }
    }

    /**
     * Listens.
     *
     * @param tell writes a warning to the log of the job with this id
     */
    ExecutorTasks(ProgressListener progress, Executors executors, BiConsumer<String, String> tell) {
        this.progress = progress;
        this.executors = executors;
        this.tell = tell;
    }

    /** Listens to a session, in the same queue as the progress. */
    void listenTo(SparkContext started) {
        synchronized (this) {
            context = started;
            maxTaskFailures = started.conf().getInt("spark.task.maxFailures", 4);
        }
        progress.addToQueue(started, this);
    }

    /** Waits a limited time for the events so far. */
    void catchUp() {
        SparkContext current;
        synchronized (this) {
            current = context;
        }
        if (current != null) {
            progress.catchUp(current);
        }
    }

    /** Starts to watch the job group of an attempt. */
    synchronized void watch(String group, String job) {
        groups.put(group, new Group(job));
    }

    /** Writes a warning to the log of each running job. */
    void tellAll(String text) {
        Set<String> jobs = new HashSet<>();
        synchronized (this) {
            groups.values().forEach(group -> jobs.add(group.job));
        }
        jobs.forEach(job -> tell.accept(job, text));
    }

    synchronized void forget(String group) {
        Group gone = groups.remove(group);
        byStage.values().removeIf(other -> other == gone);
    }

    /** Whether a running job has had a task on this executor. */
    synchronized boolean hasRun(String job, String executor) {
        return groups.values().stream().anyMatch(group -> group.job.equals(job) && group.executors.contains(executor));
    }

    /** Whether a task of this group has made an executor run out of memory. */
    synchronized boolean ranOutOfMemory(String group) {
        Group found = groups.get(group);
        return found != null && found.ranOutOfMemory;
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted event) {
        String name = event.properties() == null ? null : event.properties().getProperty(ProgressListener.GROUP);
        Group group = name == null ? null : groups.get(name);
        if (group != null) {
            byStage.put(event.stageInfo().stageId(), group);
        }
    }

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart event) {
        Group group = byStage.get(event.stageId());
        if (group != null) {
            group.executors.add(event.taskInfo().executorId());
            group.running.put(event.taskInfo().taskId(), event.taskInfo().executorId());
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
        Group group = byStage.get(event.stageId());
        if (group == null) {
            return;
        }
        String executor = group.running.remove(event.taskInfo().taskId());
        if (event.reason() instanceof ExecutorLostFailure) {
            if (executor != null) {
                group.lostWith.merge(executor, 1, Integer::sum);
            }
        } else if (event.reason() instanceof FetchFailed) {
            // Spark runs the stage again whose output is lost; the lost executor is told.
            return;
        } else if (event.reason() instanceof TaskFailedReason failure
                && event.taskInfo().failed()) {
            failed(group, event.stageId(), event.taskInfo(), failure);
        }
    }

    private void failed(Group group, int stage, TaskInfo task, TaskFailedReason reason) {
        if (reason instanceof ExceptionFailure exception
                && exception.className().endsWith("OutOfMemoryError")) {
            group.ranOutOfMemory = true;
        }
        int failures = group.failures.merge(stage + "/" + task.partitionId(), 1, Integer::sum);
        if (failures >= maxTaskFailures || group.failuresTold > MAX_FAILURES_TOLD) {
            return;
        }
        group.failuresTold++;
        tell.accept(
                group.job,
                group.failuresTold > MAX_FAILURES_TOLD
                        ? "More tasks have failed and run again; no more of them are listed"
                        : "Task " + task.partitionId() + " of stage " + stage + " failed on "
                                + ExecutorNames.host(task.host()) + "/" + task.executorId() + " and runs again: "
                                + firstLine(reason));
    }

    private static String firstLine(TaskFailedReason reason) {
        if (!(reason instanceof ExceptionFailure failure)) {
            return firstLine(reason.toErrorString());
        }
        String thrown = failure.className().replaceFirst(".*\\.", "") + ": " + firstLine(failure.description());
        return failure.exception().isEmpty()
                ? thrown
                : thrown + rootCause(failure.exception().get());
    }

    /** Such as of a file that cannot be read: the exception itself only names the file. */
    private static String rootCause(Throwable thrown) {
        Throwable root = Causes.of(thrown).reduce((outer, inner) -> inner).orElse(thrown);
        return root == thrown ? "" : ", because of " + firstLine(root.toString().replaceFirst("^[\\w.$]*\\.", ""));
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    @Override
    public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved event) {
        String executor = event.executorId();
        String why = ExecutorLoss.why(event.reason());
        long affected = groups.values().stream()
                .filter(group -> group.running(executor) > 0 || group.lostWith.containsKey(executor))
                .count();
        for (Group group : groups.values()) {
            int lost = group.running(executor) + group.lostWith.getOrDefault(executor, 0);
            group.lostWith.remove(executor);
            if (lost > 0 && affected == 1 && ExecutorLoss.isOutOfMemory(event.reason())) {
                group.ranOutOfMemory = true;
            }
            if (group.executors.contains(executor)) {
                tell.accept(
                        group.job,
                        "Executor " + executor + " on " + executors.lastHost(executor) + " is gone: " + why + "; "
                                + (lost == 0
                                        ? "what its tasks had written is computed again if it is still needed"
                                        : lost == 1 ? "its task runs again" : "its " + lost + " tasks run again"));
            }
        }
    }
}
