package tinderbox.bench;

import static tinderbox.support.ConfigBuilder.aConfig;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import tinderbox.Server;
import tinderbox.config.Config;
import tinderbox.support.NoOpJob;

/** A server whose only job type does nothing. Its arguments are {@code --port N --data-dir FOLDER}. */
public final class NoOpServer {
    private NoOpServer() {}

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
