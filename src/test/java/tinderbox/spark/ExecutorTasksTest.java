package tinderbox.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tinderbox.spark.Events.stage;
import static tinderbox.spark.Events.submitted;
import static tinderbox.spark.Events.task;
import static tinderbox.spark.Events.taskStart;

import java.io.EOFException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.TaskEndReason;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.TaskInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.Option;
import tinderbox.dataset.UnreadableFileException;

class ExecutorTasksTest {
    private static final String JOB = "a-job";
    private static final String OUT_OF_MEMORY = "Command exited with code 52";

    private final List<String> told = new ArrayList<>();
    private final Executors executors = new Executors(Clock.systemUTC());
    private final ExecutorTasks tasks =
            new ExecutorTasks(new ProgressListener(), executors, (job, text) -> told.add(job + ": " + text));

    @BeforeEach
    void aJobHasTasksOnTwoExecutors() {
        executors.registered("0", "node1", 2, Instant.EPOCH);
        executors.registered("1", "node2", 2, Instant.EPOCH);
        tasks.watch(Events.GROUP, JOB);
        send(submitted(stage(0, 4)), taskStart(0, task(0, 0, "0", "node1")), taskStart(0, task(1, 1, "1", "node2")));
    }

    private void send(SparkListenerEvent... events) {
        Events.send(tasks, List.of(events));
    }

    private static SparkListenerEvent removed(String executor, String reason) {
        return new SparkListenerExecutorRemoved(0, executor, reason);
    }

    private static SparkListenerEvent failed(TaskInfo task, TaskEndReason reason) {
        return Events.taskFailed(0, task, reason);
    }

    private static TaskEndReason thrown(Throwable thrown) {
        return new ExceptionFailure(thrown, Events.seq(List.of()));
    }

    private static TaskEndReason lost(String executor) {
        return new ExecutorLostFailure(executor, true, Option.apply(OUT_OF_MEMORY));
    }

    @Test
    void aJobHasRunOnlyWhereItHadTasks() {
        assertTrue(tasks.hasRun(JOB, "0"));
        assertFalse(tasks.hasRun(JOB, "2"));
        assertFalse(tasks.hasRun("another", "0"));
        tasks.forget(Events.GROUP);
        assertFalse(tasks.hasRun(JOB, "0"));
    }

    @Test
    void aLostExecutorIsToldWithItsTasksWhicheverEventIsFirst() {
        TaskInfo second = task(2, 2, "1", "node2");
        send(taskStart(0, second), failed(second, lost("1")), removed("1", "worker lost"));

        assertEquals(List.of(JOB + ": Executor 1 on node2 is gone: its worker is gone; its 2 tasks run again"), told);
    }

    @Test
    void anExecutorWithoutRunningTasksIsToldAsWell() {
        send(Events.taskEnd(0, task(1, 1, "1", "node2"), 0), removed("1", "Executor heartbeat timed out after 1 ms"));

        assertEquals(
                List.of(JOB
                        + ": Executor 1 on node2 is gone: it does not answer; what its tasks had written is computed"
                        + " again if it is still needed"),
                told);
    }

    @Test
    void anExecutorThatRanNothingOfTheJobIsNotTold() {
        send(removed("2", "worker lost"));

        assertEquals(List.of(), told);
    }

    @Test
    void aFailedTaskThatRunsAgainIsTold() {
        for (int i = 0; i < 4; i++) {
            TaskInfo again = task(10 + i, 3, "0", "node1");
            send(taskStart(0, again), failed(again, thrown(new IllegalStateException("came off"))));
        }

        assertEquals(3, told.size(), "the fourth failure ends the job");
        assertEquals(
                JOB + ": Task 3 of stage 0 failed on node1/0 and runs again: IllegalStateException: came off",
                told.get(0));
    }

    @Test
    void theCauseOfAFailedTaskIsTold() {
        TaskInfo again = task(10, 3, "0", "node1");
        Exception cause = new EOFException("the datanode has gone\nand more");
        send(taskStart(0, again), failed(again, thrown(new UnreadableFileException("tb:///lab/a.txt", cause))));

        assertEquals(
                List.of(JOB + ": Task 3 of stage 0 failed on node1/0 and runs again: UnreadableFileException:"
                        + " tb:///lab/a.txt, because of EOFException: the datanode has gone"),
                told);
    }

    @Test
    void linesAboutFailedTasksAreBounded() {
        for (int i = 0; i < 100; i++) {
            TaskInfo one = task(10 + i, 10 + i, "0", "node1");
            send(taskStart(0, one), failed(one, thrown(new IllegalStateException("came off"))));
        }

        assertEquals(21, told.size());
    }

    @Test
    void theJobWhoseTaskRanOutOfMemoryIsKnown() {
        TaskInfo hungry = task(0, 0, "0", "node1");
        send(failed(hungry, thrown(new OutOfMemoryError("Java heap space"))));

        assertTrue(tasks.ranOutOfMemory(Events.GROUP));
    }

    @Test
    void theOnlyJobOnAnExecutorThatRanOutOfMemoryIsKnown() {
        send(removed("1", OUT_OF_MEMORY));

        assertTrue(tasks.ranOutOfMemory(Events.GROUP));
    }

    @Test
    void ofTwoJobsOnAnExecutorThatRanOutOfMemoryNeitherIsBlamed() {
        tasks.watch("second", "another");
        send(submitted(stage(1, 1), "second"), taskStart(1, task(5, 0, "0", "node1")), removed("0", OUT_OF_MEMORY));

        assertFalse(tasks.ranOutOfMemory(Events.GROUP));
        assertFalse(tasks.ranOutOfMemory("second"));
        assertEquals(2, told.size());
    }
}
