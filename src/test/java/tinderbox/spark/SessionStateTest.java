package tinderbox.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static tinderbox.spark.SessionState.CONNECTING;
import static tinderbox.spark.SessionState.DEGRADED;
import static tinderbox.spark.SessionState.FORGOTTEN;
import static tinderbox.spark.SessionState.NO_EXECUTORS;
import static tinderbox.spark.SessionState.READY;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SessionStateTest {
    private static final Map<SessionState, Set<SessionState>> NEXT = Map.of(
            CONNECTING, Set.of(NO_EXECUTORS, READY),
            NO_EXECUTORS, Set.of(CONNECTING, READY, DEGRADED, FORGOTTEN),
            READY, Set.of(CONNECTING, NO_EXECUTORS, DEGRADED, FORGOTTEN),
            DEGRADED, Set.of(CONNECTING, NO_EXECUTORS, READY, FORGOTTEN),
            FORGOTTEN, Set.of(CONNECTING));

    @Test
    void onlyLegalStatesFollow() {
        for (SessionState state : SessionState.values()) {
            Set<SessionState> next = Arrays.stream(SessionState.values())
                    .filter(state::canBecome)
                    .collect(Collectors.toSet());
            assertEquals(NEXT.get(state), next, "after " + state);
        }
    }

    @Test
    void jobsRunWhileThereAreExecutors() {
        assertEquals(
                Set.of(READY, DEGRADED),
                Arrays.stream(SessionState.values())
                        .filter(SessionState::runsJobs)
                        .collect(Collectors.toSet()));
    }
}
