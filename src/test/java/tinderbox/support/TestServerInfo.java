package tinderbox.support;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tinderbox.http.api.ServerInfo;

/** Descriptions of a server, for tests that start the HTTP layer alone. */
public final class TestServerInfo {
    private TestServerInfo() {}

    /** A server with one core whose Spark is ready. */
    public static ServerInfo working(ServerInfo.Check... checks) {
        return new ServerInfo(
                "1",
                "4",
                "local[1]",
                () -> 1,
                List::of,
                () -> new ServerInfo.Session("ready", "it works", Instant.EPOCH),
                Instant.EPOCH,
                () -> Duration.ofSeconds(1),
                Map::of,
                List::of,
                List.of(checks));
    }
}
