package tinderbox.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static tinderbox.job.JobState.CANCELLED;
import static tinderbox.job.JobState.CANCELLING;
import static tinderbox.job.JobState.FAILED;
import static tinderbox.job.JobState.PENDING;
import static tinderbox.job.JobState.RUNNING;
import static tinderbox.job.JobState.SUCCEEDED;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobStateTest {
    private static final Map<JobState, Set<JobState>> LEGAL = Map.of(
            PENDING, Set.of(RUNNING, CANCELLED),
            RUNNING, Set.of(PENDING, CANCELLING, SUCCEEDED, FAILED),
            CANCELLING, Set.of(CANCELLED, SUCCEEDED, FAILED),
            SUCCEEDED, Set.of(),
            FAILED, Set.of(),
            CANCELLED, Set.of());

    @Test
    void everyTransitionIsLegalOrNotAsListed() {
        for (JobState from : JobState.values()) {
            for (JobState to : JobState.values()) {
                assertEquals(LEGAL.get(from).contains(to), from.canBecome(to), from + " to " + to);
            }
        }
    }

    @Test
    void aTerminalStateHasNoSuccessors() {
        for (JobState state : JobState.values()) {
            assertEquals(LEGAL.get(state).isEmpty(), state.isTerminal(), state.toString());
        }
    }
}
