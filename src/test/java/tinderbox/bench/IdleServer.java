package tinderbox.bench;

import static tinderbox.support.ConfigBuilder.aConfig;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import tinderbox.Server;
import tinderbox.config.Config;
import tinderbox.support.NoOpJob;

/** A server that knows only the job type that does nothing. Takes {@code --port N --data-dir FOLDER}. */
public final class IdleServer {
    private IdleServer() {}

    /** Serves until the process is ended. */
    public static void main(String[] arguments) throws Exception {
        Config config = aConfig(Path.of(arguments[3]))
                .port(Integer.parseInt(arguments[1]))
                .maxRunning(8)
                .retainJobs(1_000_000)
                .build();
        Server server = Server.start(config, List.of(new NoOpJob()), Clock.systemUTC());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println("Tinderbox is at " + server.url());
    }
}
