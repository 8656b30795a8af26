package tinderbox.bench;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tinderbox.Server;
import tinderbox.config.Config;
import tinderbox.support.IdleJob;

/** A server that knows only the job type that does nothing. Takes {@code --port N --data-dir FOLDER}. */
public final class IdleServer {
    private IdleServer() {}

    /** Serves until the process is ended. */
    public static void main(String[] arguments) throws Exception {
        Config config = new Config(
                "127.0.0.1",
                Integer.parseInt(arguments[1]),
                Path.of(arguments[3]),
                "local[2]",
                Map.of(),
                8,
                1000,
                2,
                Duration.ofHours(1),
                1_000_000,
                90,
                64L << 20,
                10L << 30,
                64L << 20,
                1L << 30,
                200,
                0L,
                Duration.ZERO,
                Map.of(),
                false,
                List.of(),
                new Config.Access(List.of(), null, null, false, 100_000, 1_000_000, 100, 1L << 30));
        Server server = Server.start(config, List.of(new IdleJob()), Clock.systemUTC());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println("Tinderbox is at " + server.url());
    }
}
