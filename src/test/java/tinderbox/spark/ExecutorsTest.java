package tinderbox.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import tinderbox.executor.Hello;

class ExecutorsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Hello HELLO = new Hello(512 << 20, "4.2.0", "17.0.15", List.of("lab"));
    private static final Hello REFUSED = new Hello(512 << 20, "4.1.1", "17.0.15", List.of());

    private final Executors executors = at(NOON);

    private static Executors at(Instant now) {
        return new Executors(Clock.fixed(now, ZoneOffset.UTC));
    }

    @Test
    void anExecutorCountsOnceItHasRegisteredAndReported() {
        executors.registered("0", "node1", 2, NOON);
        assertEquals(0, executors.count());
        executors.greeted("0", HELLO);
        executors.greeted("10", HELLO);
        executors.registered("10", "node2", 4, NOON);
        executors.greeted("9", HELLO);
        executors.registered("9", "node2", 1, NOON);

        assertEquals(
                new Executors.Executor("0", "node1", 2, 512 << 20, "4.2.0", "17.0.15", 0, NOON, List.of("lab")),
                executors.list().get(0));
        assertEquals(
                List.of("0", "9", "10"),
                executors.list().stream().map(Executors.Executor::id).toList());
        assertEquals(3, executors.count());
        assertEquals(7, executors.cores());
    }

    @Test
    void aRefusedExecutorIsNotListedButNamed() {
        executors.registered("0", "node1", 2, NOON);
        executors.greeted("0", REFUSED);

        assertEquals(List.of(), executors.list());
        assertEquals(0, executors.count());
        assertEquals(0, executors.cores());
        assertEquals(
                List.of(
                        "Executor 0 on node1 gets no tasks: it has Spark 4.1.1, but the server has Spark 4.2.0; give this"
                                + " worker the server's version, or stop it"),
                executors.problems());
    }

    @Test
    void anExecutorThatDoesNotReportIsNamedAfterAWhile() {
        executors.registered("0", "node1", 2, NOON);
        assertEquals(List.of(), executors.problems());

        Executors later = at(NOON.plusSeconds(61));
        later.registered("0", "node1", 2, NOON);
        assertEquals(1, later.problems().size());
    }

    @Test
    void whatCanBeNoExecutorIsNotShown() {
        executors.registered("0\n1", "node1", 2, NOON);
        executors.greeted("0\n1", HELLO);
        executors.registered("2", "node\u001b[31m", Integer.MAX_VALUE, NOON);
        executors.greeted("2", HELLO);
        executors.registered("3", "n".repeat(1 << 20), Integer.MAX_VALUE, NOON);
        executors.greeted("3", HELLO);

        assertEquals(
                List.of("?", "?"),
                executors.list().stream().map(Executors.Executor::host).toList());
        assertEquals(200_000, executors.cores());
    }

    @Test
    void theHostOfALostExecutorIsRemembered() {
        executors.registered("0", "node1", 2, NOON);
        executors.greeted("0", HELLO);
        executors.removed("0", "worker lost");
        executors.removed("0", "again");

        assertEquals(List.of(), executors.list());
        assertEquals("?", executors.host("0"));
        assertEquals("node1", executors.lastHost("0"));
    }
}
