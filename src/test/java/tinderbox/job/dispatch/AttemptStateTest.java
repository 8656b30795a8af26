package tinderbox.job.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static tinderbox.job.dispatch.AttemptState.COMMITTED;
import static tinderbox.job.dispatch.AttemptState.REPORTING;
import static tinderbox.job.dispatch.AttemptState.RUNNING;
import static tinderbox.job.dispatch.AttemptState.STARTING;
import static tinderbox.job.dispatch.AttemptState.STOPPING;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AttemptStateTest {
    private static final Map<AttemptState, Set<AttemptState>> LEGAL = Map.of(
            STARTING, Set.of(RUNNING, STOPPING, REPORTING),
            RUNNING, Set.of(STOPPING, REPORTING),
            STOPPING, Set.of(REPORTING),
            REPORTING, Set.of(COMMITTED),
            COMMITTED, Set.of());

    @Test
    void everyTransitionIsLegalOrNotAsListed() {
        for (AttemptState from : AttemptState.values()) {
            for (AttemptState to : AttemptState.values()) {
                assertEquals(LEGAL.get(from).contains(to), from.canBecome(to), from + " to " + to);
            }
        }
    }
}
