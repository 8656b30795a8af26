package tinderbox.support;

import static tinderbox.support.ConfigBuilder.aConfig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tinderbox.Server;
import tinderbox.config.Config;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.JobTypes;

/**
 * A real server on a free port with a real session. The tests in one JVM share one; a test that needs a restart restarts it.
 */
public final class TestServer implements AutoCloseable {
    /** An origin that may use the shared server's API. */
    public static final String CORS_ORIGIN = "https://lab.example.org";

    /** Another one. */
    public static final String OTHER_CORS_ORIGIN = "http://old.example:3000";

    private static TestServer shared;

    private final Path dataDir;
    private final Path root;
    private Server server;

    private TestServer(Path dataDir, Path root) {
        this.dataDir = dataDir;
        this.root = root;
    }

    /** The shared server; it is stopped with the JVM. */
    public static synchronized TestServer shared() {
        if (shared == null) {
            try {
                Path base = Files.createTempDirectory("tinderbox-test");
                shared = new TestServer(base.resolve("data"), Files.createDirectories(base.resolve("root")));
                shared.start(shared.dataDir, Map.of(), false);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    /** Every job type that tests use. */
    public static List<JobType<?>> types() {
        List<JobType<?>> types = new ArrayList<>(JobTypes.builtIn());
        types.add(new LineLengthsJob());
        types.add(new LongestLinesJob());
        types.add(new BlockingJob());
        types.add(new FailingJob());
        types.add(new LoggingJob());
        types.add(new ReadingJob());
        types.add(new PrintingJob());
        types.add(new ScriptJob());
        types.add(new ReportJob());
        types.add(new LambdaJob());
        return types;
    }

    private void start(Path folder, Map<String, String> sparkConf, boolean isPrivate) {
        try {
            Config config = aConfig(folder)
                    .root("test", root)
                    .sparkConf(sparkConf)
                    .corsOrigins(CORS_ORIGIN, OTHER_CORS_ORIGIN)
                    .isPrivate(isPrivate)
                    .build();
            server = Server.start(config, types(), Clock.systemUTC());
        } catch (Exception e) {
            throw new IllegalStateException("the test server did not start", e);
        }
    }

    /** Stops the server and starts it again on the same data dir, as an operator would; its port changes. */
    public void restart() {
        restart(Map.of());
    }

    /** Restarts with other Spark settings; call {@link #restart()} afterwards. */
    public synchronized void restart(Map<String, String> sparkConf) {
        server.close();
        start(dataDir, sparkConf, false);
    }

    /** Restarts on another data dir; call {@link #restart()} afterwards. */
    public synchronized void restartOn(Path otherDataDir) {
        server.close();
        start(otherDataDir, Map.of(), false);
    }

    /** Restarts with {@code --private} on another data dir, which has tokens; call {@link #restart()} afterwards. */
    public synchronized void restartPrivate(Path otherDataDir) {
        server.close();
        start(otherDataDir, Map.of(), true);
    }

    /** The address of a path, which begins with a slash. */
    public URI uri(String path) {
        return server.url().resolve(path);
    }

    public int port() {
        return server.url().getPort();
    }

    public Path dataDir() {
        return dataDir;
    }

    /** The folder that is the dataset root {@code test}. */
    public Path root() {
        return root;
    }

    @Override
    public synchronized void close() {
        server.close();
    }
}
