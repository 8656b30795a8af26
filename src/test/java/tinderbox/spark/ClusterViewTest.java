package tinderbox.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tinderbox.cluster.MasterProbe;

/** Which state follows from what is known of a cluster. */
class ClusterViewTest {
    private static final String MASTER = "spark://node1:7077";
    private static final String OURS = "app-1";
    private static final MasterProbe.Answer KNOWN = new MasterProbe.Answered(MASTER, Set.of(OURS, "app-2"));
    private static final MasterProbe.Answer UNKNOWN = new MasterProbe.Answered(MASTER, Set.of("app-2"));
    private static final MasterProbe.Answer AWAY = new MasterProbe.Unreachable("connection refused");

    private static void assertView(SessionState state, String detail, ClusterView view) {
        assertEquals(state, view.state());
        assertEquals(detail, view.detail());
    }

    private static ClusterView with(MasterProbe.Answer answer, int executors) {
        return new ClusterView(MASTER, answer, OURS, false, executors, 2 * executors, List.of());
    }

    private static ClusterView without(MasterProbe.Answer answer) {
        return new ClusterView(MASTER, answer, null, false, 0, 0, List.of());
    }

    @Test
    void withoutASessionItConnectsAndSaysWhyItHasNot() {
        assertView(SessionState.CONNECTING, "Spark connects to spark://node1:7077", without(null));
        assertView(SessionState.CONNECTING, "Spark connects to spark://node1:7077", without(UNKNOWN));
        assertView(
                SessionState.CONNECTING,
                "the master spark://node1:7077 does not answer: connection refused",
                without(AWAY));
        assertView(
                SessionState.CONNECTING,
                "the master spark://node1:7077 refuses the server's secret; give --cluster-secret-file a copy of the"
                        + " master's file",
                without(new MasterProbe.WrongSecret(MASTER)));
        assertView(
                SessionState.CONNECTING,
                "the master spark://node1:7077 demands a secret; give --cluster-secret-file a copy of its file",
                without(new MasterProbe.SecretMissingHere(MASTER)));
        assertView(
                SessionState.CONNECTING,
                "the master spark://node1:7077 has no secret, but the server has; restart the master with"
                        + " --cluster-secret-file",
                without(new MasterProbe.SecretMissingThere(MASTER)));
    }

    @Test
    void aSessionIsReadyOnlyWithAnExecutor() {
        assertView(
                SessionState.NO_EXECUTORS,
                "there is no executor; no worker of spark://node1:7077 has free cores and memory for one, or its executors do"
                        + " not start",
                with(KNOWN, 0));
        assertView(SessionState.READY, "1 executor with 2 cores on spark://node1:7077", with(KNOWN, 1));
        assertView(SessionState.READY, "2 executors with 4 cores on spark://node1:7077", with(null, 2));
    }

    @Test
    void itNamesExecutorsThatGetNoTasks() {
        List<String> problems = List.of("Executor 1 on node2 gets no tasks: it has Spark 4.1.1");
        assertView(
                SessionState.READY,
                "1 executor with 2 cores on spark://node1:7077. Executor 1 on node2 gets no tasks: it has Spark 4.1.1",
                new ClusterView(MASTER, KNOWN, OURS, false, 1, 2, problems));
    }

    @Test
    void executorsWorkOnWhileTheMasterIsAway() {
        assertView(
                SessionState.DEGRADED,
                "the master spark://node1:7077 does not answer: connection refused; jobs run on 2 executors with 4 cores",
                with(AWAY, 2));
        assertView(
                SessionState.NO_EXECUTORS,
                "there is no executor; the master spark://node1:7077 does not answer: connection refused",
                with(AWAY, 0));
    }

    @Test
    void aMasterThatDoesNotKnowTheSessionHasForgottenItWhateverElseThereIs() {
        for (int executors = 0; executors < 2; executors++) {
            assertView(
                    SessionState.FORGOTTEN,
                    "the master spark://node1:7077 does not know the session any more",
                    with(UNKNOWN, executors));
        }
    }

    @Test
    void aSessionThatSparkHasStoppedIsForgotten() {
        assertView(
                SessionState.FORGOTTEN,
                "Spark has given up its session on spark://node1:7077",
                new ClusterView(MASTER, AWAY, OURS, true, 1, 2, List.of()));
    }
}
