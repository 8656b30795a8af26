package tinderbox.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tinderbox.spark.Events.completed;
import static tinderbox.spark.Events.heartbeat;
import static tinderbox.spark.Events.jobEnd;
import static tinderbox.spark.Events.jobFailed;
import static tinderbox.spark.Events.jobStart;
import static tinderbox.spark.Events.stage;
import static tinderbox.spark.Events.stageFailed;
import static tinderbox.spark.Events.submitted;
import static tinderbox.spark.Events.task;
import static tinderbox.spark.Events.taskEnd;
import static tinderbox.spark.Events.taskFailed;
import static tinderbox.spark.Events.taskKilled;
import static tinderbox.spark.Events.taskStart;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.job.Progress;
import tinderbox.job.ProgressReport;
import tinderbox.job.StageProgress;
import tinderbox.job.StageProgress.State;

class ProgressListenerTest {
    private final ProgressListener listener = new ProgressListener();
    private final JobGroupProgress group = watched(Events.GROUP);

    private JobGroupProgress watched(String name) {
        JobGroupProgress watched = new JobGroupProgress();
        listener.watch(name, watched);
        return watched;
    }

    private void send(SparkListenerEvent... events) {
        Events.send(listener, List.of(events));
    }

    private Progress now() {
        return group.toProgress("reading", 1_000L);
    }

    private StageProgress only() {
        assertEquals(1, group.toStages().size());
        return group.toStages().get(0);
    }

    private static void assertCounts(Progress progress, int stages, int ofStages, int tasks, int running, int ofTasks) {
        assertEquals(
                List.of(stages, ofStages, tasks, running, ofTasks),
                List.of(
                        progress.stagesDone(),
                        progress.stagesTotal(),
                        progress.tasksDone(),
                        progress.tasksRunning(),
                        progress.tasksTotal()));
    }

    @Test
    void hostsOfAClusterAreListedByTheirTasks() {
        send(
                submitted(stage(0, 4)),
                taskStart(0, task(0, 0, "0", "node1")),
                taskStart(0, task(1, 1, "1", "node2")),
                taskStart(0, task(2, 2, "2", "node2")),
                taskStart(0, task(3, 3)));

        assertEquals(
                List.of(new StageProgress.HostTasks("node2", 2), new StageProgress.HostTasks("node1", 1)),
                only().hosts());
    }

    @Test
    void aStageGoesFromPendingToComplete() {
        StageInfo stage = stage(3, 2);
        send(jobStart(1, stage));
        assertEquals(State.PENDING, only().state());
        assertCounts(now(), 0, 1, 0, 0, 2);
        TaskInfo first = task(10, 0);
        TaskInfo second = task(11, 1);
        send(submitted(stage), taskStart(3, first), taskStart(3, second), taskEnd(3, first, 40));
        assertEquals(State.RUNNING, only().state());
        assertCounts(now(), 0, 1, 1, 1, 2);
        send(taskEnd(3, second, 60), completed(stage, 100), jobEnd(1));
        assertCounts(now(), 1, 1, 2, 0, 2);
        assertEquals(100, now().bytesRead());
        assertEquals(now(), now(), "what has not changed is equal");
        StageProgress done = only();
        assertEquals(State.COMPLETE, done.state());
        assertEquals("count at Job.java:3", done.name());
        assertEquals(Duration.ofMillis(250), done.duration());
        assertFalse(done.incomplete());
    }

    @Test
    void theEndOfATaskReplacesItsRunningMetrics() {
        StageInfo stage = stage(0, 1);
        TaskInfo task = task(10, 0);
        send(jobStart(0, stage), submitted(stage), heartbeat(stage, task, 5), taskStart(0, task));
        assertEquals(0, now().bytesRead(), "a heartbeat before the start is of no known task");
        send(heartbeat(stage, task, 300));
        assertEquals(300, now().bytesRead());
        send(heartbeat(stage, task, 700));
        assertEquals(700, now().bytesRead());
        send(taskEnd(0, task, 800), heartbeat(stage, task, 750));
        assertEquals(800, now().bytesRead());
        assertNull(now().rowsRead());
    }

    @Test
    void aRetriedTaskCountsOnceAndNothingDecreases() {
        StageInfo stage = stage(0, 1);
        TaskInfo first = task(10, 0);
        TaskInfo again = task(11, 0);
        send(jobStart(0, stage), submitted(stage), taskStart(0, first), heartbeat(stage, first, 500));
        assertEquals(500, now().bytesRead());
        send(taskFailed(0, first, 600));
        assertEquals(500, now().bytesRead(), "reported progress does not decrease");
        assertEquals(0, only().bytesRead(), "but read in vain");
        assertCounts(now(), 0, 1, 0, 0, 1);
        send(taskStart(0, again), heartbeat(stage, again, 100));
        assertEquals(500, now().bytesRead());
        send(taskEnd(0, again, 800), completed(stage, 1_400), jobEnd(0));
        assertEquals(800, now().bytesRead());
        assertEquals(1, only().tasksFailed());
        assertFalse(only().incomplete());
    }

    @Test
    void aTaskThatRunsTwiceAtTheSameTimeCountsOnce() {
        StageInfo stage = stage(0, 1);
        TaskInfo slow = task(10, 0);
        TaskInfo copy = task(11, 0);
        send(jobStart(0, stage), submitted(stage), taskStart(0, slow), taskStart(0, copy));
        send(heartbeat(stage, slow, 300), heartbeat(stage, copy, 400));
        assertEquals(400, now().bytesRead());
        assertEquals(2, now().tasksRunning());
        send(taskEnd(0, copy, 800), heartbeat(stage, slow, 500));
        assertEquals(800, now().bytesRead());
        send(completed(stage, 800), taskKilled(0, slow, 500), jobEnd(0));
        assertEquals(800, now().bytesRead());
        assertCounts(now(), 1, 1, 1, 0, 1);
        assertEquals(0, only().tasksFailed(), "a task that is no longer needed has not failed");
    }

    @Test
    void aStageThatLostOutputRunsOnlyThosePartitionsAgain() {
        StageInfo stage = stage(0, 0, 3, 5);
        send(jobStart(0, stage), submitted(stage));
        for (int partition = 0; partition < 3; partition++) {
            TaskInfo task = task(10 + partition, partition);
            send(taskStart(0, task), taskEnd(0, task, 100));
        }
        send(completed(stage, 300));
        StageInfo retry = stage(0, 1, 1, 5);
        TaskInfo again = task(20, 2);
        send(submitted(retry), taskStart(0, again), heartbeat(retry, again, 50));
        assertEquals(State.RUNNING, only().state());
        assertCounts(now(), 0, 1, 3, 1, 3);
        send(taskEnd(0, again, 100), completed(retry, 100), jobEnd(0));
        assertCounts(now(), 1, 1, 3, 0, 3);
        assertEquals(300, now().bytesRead());
        assertEquals(2, only().attempts());
        assertFalse(only().incomplete());
    }

    @Test
    void aStageWhoseOutputIsReusedUnderAnotherNumberIsListedOnce() {
        StageInfo stage = stage(0, 0, 1, 5);
        TaskInfo task = task(10, 0);
        send(jobStart(0, stage), submitted(stage), taskStart(0, task), taskEnd(0, task, 100), completed(stage, 100));
        send(jobEnd(0));
        StageInfo second = stage(2, 1);
        send(jobStart(1, stage(1, 0, 1, 5), second));
        assertCounts(now(), 1, 2, 1, 0, 2);
        TaskInfo last = task(11, 0);
        send(submitted(second), taskStart(2, last), taskEnd(2, last, 0), completed(second, 0), jobEnd(1));
        assertCounts(now(), 2, 2, 2, 0, 2);
        // Its output was lost, and it runs under its new number.
        StageInfo rerun = stage(3, 0, 1, 5);
        TaskInfo again = task(12, 0);
        send(jobStart(2, rerun, stage(4, 1)), submitted(rerun), taskStart(3, again), taskEnd(3, again, 100));
        send(completed(rerun, 100));
        assertCounts(now(), 2, 3, 2, 0, 3);
        assertEquals(100, now().bytesRead());
    }

    @Test
    void aStageIsSkippedOnceNoJobNeedsIt() {
        StageInfo never = stage(0, 0, 4, 5);
        StageInfo stopped = stage(1, 0, 2, 6);
        TaskInfo half = task(10, 0);
        send(jobStart(0, never, stopped), jobStart(1, never));
        send(submitted(stopped), taskStart(1, half), stageFailed(stopped), taskKilled(1, half, 0));
        send(jobEnd(0));
        assertEquals(State.PENDING, group.toStages().get(0).state(), "the other Spark job may still run it");
        send(jobFailed(1));
        assertEquals(
                List.of(State.SKIPPED, State.FAILED),
                group.toStages().stream().map(StageProgress::state).toList());
        assertCounts(now(), 1, 2, 4, 0, 6);
        group.attemptEnded(true);
        assertEquals(State.SKIPPED, group.toStages().get(1).state(), "the attempt succeeded without it");
        assertEquals(0, group.toStages().get(1).tasksDone());
        assertCounts(now(), 2, 2, 6, 0, 6);
    }

    @Test
    void theStageThatFailsTheAttemptStaysFailed() {
        StageInfo first = stage(0, 0, 1, 5);
        StageInfo second = stage(1, 2);
        TaskInfo task = task(10, 0);
        TaskInfo other = task(11, 1);
        send(jobStart(0, first, second), submitted(second), taskStart(1, task), taskStart(1, other));
        send(taskFailed(1, task, 10), stageFailed(second));
        assertEquals(1, now().tasksRunning(), "the other task has not stopped yet");
        send(jobFailed(0));
        group.attemptEnded(false);
        assertEquals(State.FAILED, group.toStages().get(1).state());
        assertCounts(now(), 1, 2, 1, 0, 3);
    }

    @Test
    void readingBeyondASplitDoesNotExceedTheSizeOfTheInput() {
        StageInfo stage = stage(0, 1);
        TaskInfo task = task(10, 0);
        send(jobStart(0, stage), submitted(stage), taskStart(0, task), taskEnd(0, task, 1_064));
        assertEquals(1_000, now().bytesRead());
        assertEquals(1_064, only().bytesRead());
        assertEquals(1_064, group.toProgress("reading", null).bytesRead(), "where no size is known, nothing is cut");
    }

    private static List<SparkListenerEvent> aWholeAttempt() {
        List<SparkListenerEvent> events = new ArrayList<>();
        for (int job = 0; job < 4; job++) {
            StageInfo map = stage(2 * job, 0, 5, 50 + job);
            StageInfo reduce = stage(2 * job + 1, 3);
            events.add(jobStart(job, map, reduce));
            for (StageInfo stage : List.of(map, reduce)) {
                events.add(submitted(stage));
                for (int partition = 0; partition < stage.numTasks(); partition++) {
                    TaskInfo task = task(100L * stage.stageId() + partition, partition);
                    events.add(taskStart(stage.stageId(), task));
                    events.add(heartbeat(stage, task, 6));
                    events.add(taskEnd(stage.stageId(), task, 10));
                }
                events.add(completed(stage, 10L * stage.numTasks()));
            }
            events.add(jobEnd(job));
        }
        return events;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.02, 0.5, 0.9, 1})
    void theFinalReportIsRightWhateverEventsAreDropped(double dropped) {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            JobGroupProgress progress = watched(Events.GROUP);
            long before = 0;
            for (SparkListenerEvent event : aWholeAttempt()) {
                if (random.nextDouble() >= dropped) {
                    Events.send(listener, List.of(event));
                }
                Progress seen = progress.toProgress("reading", 320L);
                assertTrue(seen.bytesRead() >= before && seen.tasksDone() <= seen.tasksTotal(), seen::toString);
                before = seen.bytesRead();
            }
            progress.attemptEnded(true);
            Progress end = progress.toProgress("reading", 320L);
            assertEquals(end.stagesTotal(), end.stagesDone());
            assertEquals(end.tasksTotal(), end.tasksDone());
            assertEquals(0, end.tasksRunning());
            for (StageProgress stage : progress.toStages()) {
                assertTrue(stage.state() == State.COMPLETE || stage.state() == State.SKIPPED, stage::toString);
                assertTrue(stage.bytesRead() <= 10L * stage.tasks(), stage::toString);
                boolean exact = stage.bytesRead() == 10L * stage.tasks();
                assertTrue(exact || stage.incomplete() || stage.state() == State.SKIPPED, stage::toString);
            }
            if (dropped == 0) {
                assertEquals(320, end.bytesRead());
                assertCounts(end, 8, 8, 32, 0, 32);
            }
            listener.forget(Events.GROUP);
        }
    }

    @Test
    void theSumOfAStageReplacesDroppedEventsOfTasks() {
        StageInfo stage = stage(0, 2);
        TaskInfo reported = task(10, 0);
        send(
                jobStart(0, stage),
                submitted(stage),
                taskStart(0, reported),
                taskEnd(0, reported, 400),
                completed(stage, 900));
        assertEquals(900, now().bytesRead());
        assertTrue(only().incomplete());
        assertCounts(now(), 1, 1, 2, 0, 2);
    }

    @Test
    void aStageIsListedEvenIfTheStartOfItsSparkJobWasDropped() {
        StageInfo stage = stage(0, 1);
        TaskInfo task = task(10, 0);
        send(submitted(stage), taskStart(0, task));
        assertCounts(now(), 0, 1, 0, 1, 1);
    }

    @Test
    void theNewestStagesOfTenThousandSparkJobsAreListedAndAllCount() {
        for (int job = 0; job < 10_000; job++) {
            StageInfo stage = stage(job, 0, 2, job);
            send(jobStart(job, stage), submitted(stage));
            for (int partition = 0; partition < 2; partition++) {
                TaskInfo task = task(2L * job + partition, partition);
                send(taskStart(job, task), taskEnd(job, task, 1));
            }
            send(completed(stage, 2), jobEnd(job));
        }
        assertCounts(now(), 10_000, 10_000, 20_000, 0, 20_000);
        assertEquals(20_000, group.toProgress("reading", null).bytesRead());
        assertEquals(ProgressReport.MAX_STAGES, group.toStages().size());
        assertEquals(9_000, group.toStages().get(0).id());
        assertEquals(9_000, group.stagesDropped());
    }

    @Test
    void anotherGroupsEventsAreNotCounted() {
        JobGroupProgress other = watched("other");
        StageInfo stage = stage(0, 1);
        send(jobStart(0, stage), submitted(stage), taskStart(0, task(10, 0)));
        assertEquals(0, other.toProgress("reading", null).stagesTotal());
        listener.forget(Events.GROUP);
        send(jobStart(1, stage(1, 1)));
        assertEquals(1, group.toProgress("reading", null).stagesTotal());
    }
}
