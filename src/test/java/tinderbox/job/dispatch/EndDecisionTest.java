package tinderbox.job.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static tinderbox.job.dispatch.AttemptTest.running;
import static tinderbox.support.LimitsBuilder.someLimits;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tinderbox.job.CancelRequest;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.job.result.JobResult;

/** What becomes of a job that may run twice. */
class EndDecisionTest {
    private static final int MAX_SHORTAGES = 100;
    private static final int MAX_TAKEN_BACK = 20;

    private final PendingQueue queue =
            new PendingQueue(someLimits().maxRunning(10).build());
    private final EndDecision decision = new EndDecision(Clock.systemUTC(), queue, 2);

    private static Attempt ended(Job job, Consumer<Attempt> report) {
        Attempt attempt = new Attempt(job, 0, ended -> {});
        report.accept(attempt);
        return attempt;
    }

    private Job next(int number, Consumer<Attempt> report) {
        return decision.next(ended(running(number), report));
    }

    private static ErrorCode code(Job failed) {
        return ((Outcome.Failed) failed.end().outcome()).failure().code();
    }

    @Test
    void anAttemptThatReturnsOrFailsEndsItsJob() {
        JobResult result = new JobResult(List.of(), 7, 70, "hash", Map.of());
        Job succeeded = next(1, attempt -> attempt.succeeded(result, null));
        assertEquals(new Outcome.Succeeded(7), succeeded.end().outcome());
        Failure failure = new Failure(ErrorCode.JOB_ERROR, "it failed", "");
        Job failed = next(1, attempt -> attempt.failed(failure, null));
        assertEquals(new Outcome.Failed(failure), failed.end().outcome());
    }

    @Test
    void aLostAttemptCountsUnlessTheServerStops() {
        Job again = next(1, Attempt::lost);
        assertEquals(JobState.PENDING, again.state());
        assertEquals(1, again.attempt());
        assertEquals(ErrorCode.SERVER_CRASHED, code(next(2, Attempt::lost)));
        decision.close();
        Job rolledBack = next(2, Attempt::lost);
        assertEquals(JobState.PENDING, rolledBack.state());
        assertEquals(1, rolledBack.attempt());
    }

    @Test
    void aStopOfTheServerDoesNotExcuseAnAttemptOfTheLastProcess() {
        decision.close();
        assertEquals(ErrorCode.SERVER_CRASHED, code(decision.next(Attempt.leftOver(running(2)))));
    }

    @Test
    void anAttemptThatCouldNotStartDoesNotCountUnlessTheReasonStays() {
        for (AttemptEnd.Kind kind : List.of(AttemptEnd.Kind.NOT_READY, AttemptEnd.Kind.NOT_STARTED)) {
            Job again = next(2, attempt -> attempt.notStarted(kind));
            assertEquals(JobState.PENDING, again.state());
            assertEquals(1, again.attempt());
        }
        assertEquals(ErrorCode.INTERNAL, code(next(1, attempt -> attempt.notStarted(AttemptEnd.Kind.FAILED))));
    }

    @Test
    void aJobThatAlwaysRunsOutOfAResourceFailsInTheEnd() {
        Job job = running(1);
        for (int i = 1; i < MAX_SHORTAGES; i++) {
            Attempt attempt = ended(job, ending -> ending.ranOutOf("threads"));
            assertEquals(job.rolledBack(), decision.next(attempt), "shortage " + i);
            decision.queue(attempt);
        }
        Attempt last = ended(job, ending -> ending.ranOutOf("threads"));
        assertEquals(ErrorCode.OUT_OF_MEMORY, code(decision.next(last)));
        decision.forget(job.id());
        assertEquals(JobState.PENDING, decision.next(last).state());
    }

    @Test
    void anAttemptThatTheClusterLostDoesNotCountUnlessItLosesEveryOne() {
        Job job = running(2);
        for (int i = 1; i < MAX_TAKEN_BACK; i++) {
            Attempt attempt = ended(job, ending -> ending.takenBack("the master was away"));
            assertEquals(job.rolledBack(), decision.next(attempt), "loss " + i);
            decision.queue(attempt);
        }
        Attempt last = ended(job, ending -> ending.takenBack("the master was away"));
        assertEquals(ErrorCode.CLUSTER_LOST, code(decision.next(last)));
        decision.forget(job.id());
        assertEquals(JobState.PENDING, decision.next(last).state());
    }

    @Test
    void aJobThatTheClusterLosesAgainAndAgainRunsAlone() {
        Job job = running(1);
        for (int i = 1; i <= 2; i++) {
            decision.queue(ended(job, ending -> ending.takenBack("the master was away")));
            assertNull(queue.poll(), "it waits a moment, loss " + i);
        }
        Attempt other = ended(running(1), attempt -> attempt.notStarted(AttemptEnd.Kind.NOT_READY));
        decision.queue(other);
        assertEquals(other.id(), queue.poll());
        decision.queue(ended(job, ending -> ending.takenBack("the master was away")));
        assertNull(queue.poll(), "it runs alone");
        queue.freeSlot(other.id());
        assertEquals(job.id(), queue.poll());
    }

    @Test
    void aJobThatWasCancelledEndsAsRequestedHoweverItsAttemptEnded() {
        Job cancelling = running(1).cancelling(new CancelRequest("me", Instant.EPOCH, CancelRequest.Reason.REQUESTED));
        assertEquals(
                new Outcome.Cancelled("me"),
                decision.next(Attempt.leftOver(cancelling)).end().outcome());
    }

    @Test
    void anEndThatCannotBeWrittenBecomesAnInternalFailure() {
        Attempt attempt = ended(running(1), Attempt::lost);
        attempt.end().failInternally();
        assertEquals(ErrorCode.INTERNAL, code(decision.next(attempt)));
    }

    @Test
    void aJobWaitsAgainAtOnceUnlessTheMachineRanOutOfSomething() {
        decision.queue(ended(running(1), attempt -> attempt.notStarted(AttemptEnd.Kind.NOT_STARTED)));
        decision.queue(ended(running(1), attempt -> attempt.ranOutOf("threads")));
        assertNull(queue.poll());
        Attempt notReady = ended(running(1), attempt -> attempt.notStarted(AttemptEnd.Kind.NOT_READY));
        decision.queue(notReady);
        assertEquals(notReady.id(), queue.poll());
        Attempt lost = ended(running(1), Attempt::lost);
        decision.queue(lost);
        assertNull(queue.poll(), "it runs alone");
        queue.freeSlot(notReady.id());
        assertEquals(lost.id(), queue.poll());
    }
}
