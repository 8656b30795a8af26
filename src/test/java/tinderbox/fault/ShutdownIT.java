package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.support.Api;

/** A server that is asked to stop, with work under way. */
class ShutdownIT {
    @TempDir
    Path base;

    private ServerProcess start(String grace) {
        return ServerProcess.on(base.resolve("data"))
                .by(ignoresHangUp() ? new String[] {"env", "--default-signal=HUP"} : new String[0])
                .with(Jobs.root(base))
                .with("--max-running", "1", "--grace", grace)
                .start();
    }

    /** As with nohup, which every process below it inherits. */
    private static boolean ignoresHangUp() {
        try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
            return status.filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) == 1);
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void whatRunsMayEndAndWhatWaitsIsLeftForTheNextStart() {
        String running;
        List<String> waiting = new ArrayList<>();
        try (ServerProcess server = start("60s")) {
            Api api = server.api();
            running = Jobs.accepted(api, null, 5);
            waiting.add(Jobs.accepted(api, null, 0));
            waiting.add(Jobs.accepted(api, null, 0));
            Wait.until(() -> "RUNNING".equals(Jobs.state(api, running)));
            assertEquals(200, Jobs.status(api, "/readyz"));
            server.signal("TERM");
            Wait.until(() -> Jobs.status(api, "/readyz") == 503);
            HttpResponse<byte[]> refused = Jobs.send(api, null, Jobs.body(0));
            assertEquals(503, refused.statusCode());
            assertEquals("shutting_down", Api.json(refused).get("code"));
            assertTrue(refused.headers().firstValue("Retry-After").isPresent());
            assertEquals("RUNNING", Jobs.state(api, running), "reading goes on meanwhile");
            assertEquals(0, server.awaitExit(), server::output);
        }
        try (ServerProcess server = start("0s")) {
            Map<String, Object> job = server.api().job(running);
            assertEquals("SUCCEEDED", job.get("status"), "it was given the time to end");
            assertEquals(Jobs.CSV, server.api().csv(running));
            for (String id : waiting) {
                assertEquals("SUCCEEDED", server.api().ended(id).get("status"));
                assertEquals(1L, server.api().job(id).get("attempt"));
            }
            assertEquals(3, Jobs.list(server.api()).size());
        }
    }

    @Test
    void aJobThatDoesNotEndInTimeRunsAgainAndLosesNoAttempt() {
        String id;
        try (ServerProcess server = start("0s")) {
            id = Jobs.accepted(server.api(), null, 3);
            Wait.until(() -> "RUNNING".equals(Jobs.state(server.api(), id)));
            // The system sends one, and the shell another.
            server.signal("HUP", "HUP");
            assertEquals(0, server.awaitExit(), "a terminal that closes is no crash");
            assertTrue(server.output().contains("running jobs 1, they have until "), server::output);
            assertTrue(
                    server.output().contains("A second signal (Ctrl-C again) ends the server at once"), server::output);
            assertTrue(server.output().contains("1 of the running jobs did not finish in time"), server::output);
        }
        try (ServerProcess server = start("0s")) {
            Map<String, Object> job = server.api().ended(id);
            assertEquals("SUCCEEDED", job.get("status"), job::toString);
            assertEquals(1L, job.get("attempt"), "a stop in good order costs no attempt");
        }
    }

    @Test
    void aSecondSignalEndsAtOnceAndLosesNothing() {
        String running;
        String waiting;
        try (ServerProcess server = start("60s")) {
            Api api = server.api();
            running = Jobs.accepted(api, null, 60);
            waiting = Jobs.accepted(api, null, 0);
            Wait.until(() -> "RUNNING".equals(Jobs.state(api, running)));
            server.signal("TERM");
            Wait.until(() -> Jobs.status(api, "/readyz") == 503);
            server.signal("HUP");
            assertEquals(130, server.awaitExit(), server::output);
        }
        try (ServerProcess server = start("0s")) {
            Wait.until(() -> "RUNNING".equals(Jobs.state(server.api(), running)));
            assertEquals(2L, server.api().job(running).get("attempt"));
            assertEquals(202, Jobs.cancel(server.api(), running));
            assertEquals("CANCELLED", server.api().ended(running).get("status"));
            assertEquals("SUCCEEDED", server.api().ended(waiting).get("status"));
        }
    }
}
