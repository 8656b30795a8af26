package tinderbox.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tinderbox.cluster.MasterProbe;

/** Which state follows from what is known of a cluster. */
class ClusterViewTest {
    private static final String MASTER = "spark://node1:7077";
    private static final String OURS = "app-1";
    private static final MasterProbe.Size NEEDED = new MasterProbe.Size(1, 1024);
    private static final MasterProbe.Application APPLICATION = new MasterProbe.Application(NEEDED, false);
    private static final MasterProbe.Answer KNOWN = known(new MasterProbe.Size(2, 2048));
    private static final MasterProbe.Answer UNKNOWN =
            new MasterProbe.Answered(MASTER, Map.of("app-2", APPLICATION), List.of());
    private static final MasterProbe.Answer AWAY = new MasterProbe.Unreachable("connection refused");

    private static MasterProbe.Answer known(MasterProbe.Size... workers) {
        return new MasterProbe.Answered(MASTER, Map.of(OURS, APPLICATION, "app-2", APPLICATION), List.of(workers));
    }

    private static void assertView(SessionState state, String detail, ClusterView view) {
        assertEquals(state, view.state());
        assertEquals(detail, view.detail());
    }

    private static ClusterView with(MasterProbe.Answer answer, int executors) {
        return new ClusterView(
                MASTER, answer, OURS, false, executors, 2 * executors, List.of(), ClusterView.Starts.OVERDUE);
    }

    private static ClusterView without(MasterProbe.Answer answer) {
        return new ClusterView(MASTER, answer, null, false, 0, 0, List.of(), ClusterView.Starts.OVERDUE);
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
                "the master spark://node1:7077 has another secret; give --cluster-secret-file a copy of the master's file",
                without(new MasterProbe.WrongSecret(MASTER)));
        assertView(
                SessionState.CONNECTING,
                "the master spark://node1:7077 demands a secret; give --cluster-secret-file a copy of its file",
                without(new MasterProbe.SecretMissingHere(MASTER)));
        assertView(
                SessionState.CONNECTING,
                "the master spark://node1:7077 has no secret; restart it with --cluster-secret-file and the same secret",
                without(new MasterProbe.SecretMissingThere(MASTER)));
    }

    @Test
    void aSessionIsReadyOnlyWithAnExecutor() {
        assertView(SessionState.NO_EXECUTORS, "there is no executor yet", with(null, 0));
        assertView(SessionState.READY, "1 executor with 2 cores on spark://node1:7077", with(KNOWN, 1));
        assertView(SessionState.READY, "2 executors with 4 cores on spark://node1:7077", with(null, 2));
    }

    @Test
    void itSaysWhyThereIsNoExecutorAndWhatToDo() {
        assertView(
                SessionState.NO_EXECUTORS,
                "there is no executor, because no worker has registered with spark://node1:7077; start a worker",
                with(known(), 0));
        assertView(
                SessionState.NO_EXECUTORS,
                "there is no executor, because each needs 1024 MiB and 1 core, and the largest worker of spark://node1:7077"
                        + " has 1023 MiB and 2 cores; start a larger worker, or the server with less spark.executor.memory"
                        + " or spark.executor.cores",
                with(known(new MasterProbe.Size(8, 512), new MasterProbe.Size(2, 1023)), 0));
        assertView(
                SessionState.NO_EXECUTORS,
                "there is no executor, because no worker of spark://node1:7077 has 1024 MiB and 1 core free, or executors do"
                        + " not reach the server; the web pages of the master and of its workers say which",
                with(KNOWN, 0));
        assertView(
                SessionState.NO_EXECUTORS,
                "there is no executor, because executors end when they start; the web pages of the workers of"
                        + " spark://node1:7077 say why, such as a Java older than 17, wrong JVM options or too little"
                        + " memory",
                new ClusterView(MASTER, KNOWN, OURS, false, 0, 0, List.of(), ClusterView.Starts.FAILING));
    }

    @Test
    void executorsMayBeOnTheirWayForAWhile() {
        assertView(
                SessionState.NO_EXECUTORS,
                "there is no executor yet",
                new ClusterView(MASTER, KNOWN, OURS, false, 0, 0, List.of(), ClusterView.Starts.UNDER_WAY));
        assertView(
                SessionState.NO_EXECUTORS,
                "there is no executor, because no worker has registered with spark://node1:7077; start a worker",
                new ClusterView(MASTER, known(), OURS, false, 0, 0, List.of(), ClusterView.Starts.UNDER_WAY));
    }

    @Test
    void itNamesExecutorsThatGetNoTasks() {
        List<String> problems = List.of("Executor 1 on node2 gets no tasks: it has Spark 4.1.1");
        assertView(
                SessionState.READY,
                "1 executor with 2 cores on spark://node1:7077. Executor 1 on node2 gets no tasks: it has Spark 4.1.1",
                new ClusterView(MASTER, KNOWN, OURS, false, 1, 2, problems, ClusterView.Starts.OVERDUE));
        assertView(
                SessionState.NO_EXECUTORS,
                "there is no executor that gets tasks. Executor 1 on node2 gets no tasks: it has Spark 4.1.1",
                new ClusterView(MASTER, KNOWN, OURS, false, 0, 0, problems, ClusterView.Starts.OVERDUE));
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
    void aMasterThatDoesNotKnowTheSessionHasForgottenItNoMatterWhatElseThereIs() {
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
                new ClusterView(MASTER, AWAY, OURS, true, 1, 2, List.of(), ClusterView.Starts.OVERDUE));
    }
}
