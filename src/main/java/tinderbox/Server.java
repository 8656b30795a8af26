package tinderbox;

import java.net.BindException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.dataset.Datasets;
import tinderbox.http.HttpServer;
import tinderbox.http.HttpSettings;
import tinderbox.http.ServerInfo;
import tinderbox.http.Services;
import tinderbox.job.JobService;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.JobTypes;
import tinderbox.spark.SparkEngine;
import tinderbox.spark.SparkRunner;
import tinderbox.spark.SparkSettings;
import tinderbox.store.DataDir;
import tinderbox.store.FolderJobStore;

/** A whole server: the only place where the parts are put together. Started in order, stopped in reverse. */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final Config config;
    private final Clock clock;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CountDownLatch failed = new CountDownLatch(1);
    private HttpServer http;

    private Server(Config config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /**
     * Starts a server; Spark follows in the background, and jobs sent meanwhile wait.
     *
     * @param types what can be run
     * @throws DataDir.UnavailableException where the data dir cannot be used
     * @throws BindException where the port cannot be listened on
     */
    public static Server start(Config config, List<JobType<?>> types, Clock clock) throws Exception {
        Server server = new Server(config, clock);
        try {
            server.startParts(types);
        } catch (Exception | Error e) {
            server.close();
            throw e;
        }
        return server;
    }

    private void startParts(List<JobType<?>> builtIn) throws Exception {
        DataDir owned = add(DataDir.open(config.dataDir()));
        Path dataDir = owned.path();
        Path samples = dataDir.resolve("samples");
        Samples.unpack(samples);
        Map<String, Path> roots = new LinkedHashMap<>();
        roots.put("samples", samples);
        roots.putAll(config.roots());
        Datasets datasets = new Datasets(roots);
        JobTypes types = new JobTypes(datasets, builtIn);

        FolderJobStore store = add(new FolderJobStore(dataDir, clock));
        SparkEngine engine = add(new SparkEngine(
                new SparkSettings(config.master(), owned.emptyFolder("spark"), config.sparkUi(), config.sparkConf())));
        JobService jobs = add(new JobService(
                store,
                new SparkRunner(engine, types),
                types,
                clock,
                new JobService.Limits(config.maxRunning(), config.maxQueued(), config.maxAttempts())));
        jobs.start();
        http = add(listen(new Services(jobs, types, datasets, info(engine))));
        engine.start(cause -> failed.countDown());
    }

    private HttpServer listen(Services services) throws Exception {
        try {
            return new HttpServer(new HttpSettings(config.host(), config.port(), config.corsOrigin()), services);
        } catch (BindException e) {
            BindException told = new BindException("cannot listen on " + config.host() + " port " + config.port() + " ("
                    + e.getMessage() + "); choose another with --port or --host");
            told.initCause(e);
            throw told;
        }
    }

    private ServerInfo info(SparkEngine engine) {
        Map<String, Object> limits = new LinkedHashMap<>();
        limits.put("max_running", config.maxRunning());
        limits.put("max_queued", config.maxQueued());
        limits.put("max_attempts", config.maxAttempts());
        long startedNanos = System.nanoTime();
        return new ServerInfo(
                Version.tinderbox(),
                Version.spark(),
                config.master(),
                engine::cores,
                clock.instant(),
                () -> Duration.ofNanos(System.nanoTime() - startedNanos),
                limits,
                List.of(
                        new ServerInfo.Check(
                                "spark",
                                () -> engine.isReady()
                                        ? ServerInfo.Finding.good("the session on " + config.master() + " is ready")
                                        : ServerInfo.Finding.bad(
                                                "the session on " + config.master() + " is not ready",
                                                "it takes some seconds after the start; if it stays, look at the server's log"))));
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    /** The address to open in a browser. */
    public URI url() {
        boolean anywhere = config.host().equals("0.0.0.0") || config.host().equals("::");
        String host = anywhere ? "localhost" : config.host();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + http.port() + "/");
    }

    /** Waits until the server can no longer do its work. */
    void awaitFailure() throws InterruptedException {
        failed.await();
    }

    /** Stops all parts; a job that runs is left for the next start. A second call does nothing. */
    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("{} did not stop cleanly", part.getClass().getSimpleName(), e);
            }
        }
    }
}
