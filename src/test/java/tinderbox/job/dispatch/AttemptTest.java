package tinderbox.job.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tinderbox.job.dispatch.AttemptState.COMMITTED;
import static tinderbox.job.dispatch.AttemptState.REPORTING;
import static tinderbox.job.dispatch.AttemptState.RUNNING;
import static tinderbox.job.dispatch.AttemptState.STARTING;
import static tinderbox.job.dispatch.AttemptState.STOPPING;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;

class AttemptTest {
    private static final Failure FAILURE = new Failure(ErrorCode.JOB_ERROR, "it failed", "");

    private final List<Attempt> ended = new ArrayList<>();

    /** A job in its attempt with this number. */
    static Job running(int number) {
        JobRequest request = new JobRequest(
                JobId.random(), 1, "no-op", "name", true, Map.of(), List.of(), "", "me", Instant.EPOCH, null, null);
        Job job = Job.accepted(request).started(Instant.EPOCH);
        for (int i = 1; i < number; i++) {
            job = job.requeued().started(Instant.EPOCH);
        }
        return job;
    }

    private Attempt attempt() {
        return new Attempt(running(1), 0, ended::add);
    }

    private Attempt in(AttemptState state) {
        Attempt attempt = attempt();
        switch (state) {
            case STARTING -> {}
            case RUNNING -> attempt.started();
            case STOPPING -> attempt.stop("by me");
            case REPORTING -> attempt.failed(FAILURE, null);
            case COMMITTED -> {
                attempt.failed(FAILURE, null);
                attempt.committed();
            }
        }
        assertEquals(state, attempt.state());
        return attempt;
    }

    /** The states that follow from STARTING, RUNNING, STOPPING, REPORTING and COMMITTED. */
    private void assertLeads(Consumer<Attempt> step, AttemptState... to) {
        AttemptState[] from = AttemptState.values();
        for (int i = 0; i < from.length; i++) {
            Attempt attempt = in(from[i]);
            step.accept(attempt);
            assertEquals(to[i], attempt.state(), "from " + from[i]);
        }
    }

    @Test
    void eachStepChangesOnlyTheStatesInWhichItIsLegal() {
        assertLeads(Attempt::started, RUNNING, RUNNING, STOPPING, REPORTING, COMMITTED);
        assertLeads(attempt -> attempt.stop("by me"), STOPPING, STOPPING, STOPPING, REPORTING, COMMITTED);
        assertLeads(Attempt::committed, STARTING, RUNNING, STOPPING, COMMITTED, COMMITTED);
        List<Consumer<Attempt>> reports = List.of(
                attempt -> attempt.succeeded(null, null),
                attempt -> attempt.failed(FAILURE, null),
                attempt -> attempt.ranOutOf("threads"),
                attempt -> attempt.takenBack("the master was away"),
                Attempt::lost,
                attempt -> attempt.notStarted(AttemptEnd.Kind.NOT_READY));
        for (Consumer<Attempt> report : reports) {
            assertLeads(report, REPORTING, REPORTING, REPORTING, REPORTING, COMMITTED);
        }
    }

    @Test
    void onlyTheFirstReportOfAnEndCounts() {
        Attempt attempt = in(RUNNING);
        attempt.failed(FAILURE, null);
        attempt.lost();
        assertEquals(AttemptEnd.Kind.FAILED, attempt.end().kind());
        assertEquals(FAILURE, attempt.end().failure());
        assertEquals(List.of(attempt), ended);
    }

    @Test
    void anEndThatCannotBeHandedOverIsKept() {
        Attempt attempt = new Attempt(running(1), 0, end -> {
            throw new OutOfMemoryError("planted");
        });
        attempt.failed(FAILURE, null);
        assertEquals(REPORTING, attempt.state());
        assertTrue(attempt.beginWriting());
    }

    @Test
    void anEndIsReportedWithoutMemory() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Consumer<Attempt> nothing = end -> {};
        long allocated = 1;
        // The first round loads classes.
        for (int round = 0; round < 2; round++) {
            Attempt running = new Attempt(running(1), 0, nothing);
            Attempt lost = new Attempt(running(1), 0, nothing);
            Attempt stopping = new Attempt(running(1), 0, nothing);
            long before = threads.getCurrentThreadAllocatedBytes();
            running.started();
            running.failed(FAILURE, null);
            lost.lost();
            stopping.stop("by me");
            stopping.ranOutOf("threads");
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertEquals(0, allocated);
    }

    @Test
    void oneThreadAtATimeWritesAnEnd() {
        Attempt attempt = in(RUNNING);
        assertFalse(attempt.beginWriting(), "it has not ended");
        attempt.lost();
        assertTrue(attempt.beginWriting());
        assertFalse(attempt.beginWriting());
        attempt.writingFailed();
        assertTrue(attempt.beginWriting());
        attempt.committed();
        assertFalse(attempt.beginWriting(), "it is written");
    }

    @Test
    void anEndHasTheTimeOfItsReportHoweverLateItIsWritten() {
        Attempt attempt = in(REPORTING);
        Duration duration = attempt.duration();
        Instant late = Instant.now();
        Instant end = attempt.end().at(Clock.systemUTC());
        assertFalse(end.isAfter(late));
        attempt.committed();
        assertEquals(duration, attempt.duration());
        assertEquals(end, attempt.end().at(Clock.systemUTC()));
    }

    @Test
    void theAttemptOfTheLastProcessHasEndedAndTakesNoTime() {
        Attempt attempt = Attempt.leftOver(running(1));
        assertEquals(REPORTING, attempt.state());
        assertEquals(AttemptEnd.Kind.LOST, attempt.end().kind());
        assertEquals(Duration.ZERO, attempt.duration());
    }

    @Test
    void anAttemptIsStuckOnlyWhileItIsAskedToStop() {
        for (AttemptState state : AttemptState.values()) {
            assertFalse(in(state).isStuck(), state + ", not for long");
        }
        assertEquals("by me", in(STOPPING).stopReason());
    }
}
