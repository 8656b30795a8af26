package tinderbox;

import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.cluster.ClusterSecret;
import tinderbox.cluster.TaskJar;
import tinderbox.common.ListenFailure;
import tinderbox.common.Redactor;
import tinderbox.common.TrustedClock;
import tinderbox.config.BindPolicy;
import tinderbox.config.Config;
import tinderbox.config.ConfigException;
import tinderbox.config.TlsFiles;
import tinderbox.dataset.DatasetRoot;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.DriverFiles;
import tinderbox.dataset.DriverRoot;
import tinderbox.dataset.InputLimits;
import tinderbox.dataset.LocalRoot;
import tinderbox.dataset.UploadLimits;
import tinderbox.dataset.UploadRoot;
import tinderbox.dataset.Uploads;
import tinderbox.dataset.hadoop.HadoopSettings;
import tinderbox.executor.InputMessages;
import tinderbox.executor.ResultMessages;
import tinderbox.http.HttpServer;
import tinderbox.http.access.AccessLog;
import tinderbox.http.api.ServerInfo;
import tinderbox.http.api.Services;
import tinderbox.http.server.HttpSettings;
import tinderbox.http.server.StaticFiles;
import tinderbox.job.dispatch.JobService;
import tinderbox.job.dispatch.Limits;
import tinderbox.job.result.read.ResultLimits;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.JobTypes;
import tinderbox.jobtype.ResultRoot;
import tinderbox.jobtype.sql.Sql;
import tinderbox.jobtype.sql.SqlColumns;
import tinderbox.metrics.Metrics;
import tinderbox.preset.Presets;
import tinderbox.security.audit.AuditBounds;
import tinderbox.security.audit.AuditLog;
import tinderbox.security.auth.Authenticator;
import tinderbox.security.auth.BrowserSessions;
import tinderbox.security.auth.RateLimits;
import tinderbox.security.auth.TokenFile;
import tinderbox.security.auth.Tokens;
import tinderbox.spark.ClusterSettings;
import tinderbox.spark.OutputCapture;
import tinderbox.spark.SparkEngine;
import tinderbox.spark.SparkRunner;
import tinderbox.spark.SparkSettings;
import tinderbox.store.DataDir;
import tinderbox.store.DataDirMonitor;
import tinderbox.store.FolderJobStore;

/** A server: the composition root. Starts its parts in order and stops them in reverse. */
public final class Server implements AutoCloseable {
    /** The default of --min-free: the larger of this and the disk's size divided by {@link #MIN_FREE_DIVISOR}. */
    private static final long MIN_FREE_BYTES = 512L << 20;

    private static final long MIN_FREE_DIVISOR = 20;

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final Config config;
    private final Clock machineClock;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CompletableFuture<Integer> failure = new CompletableFuture<>();
    private TrustedClock trusted;
    private Authenticator authenticator;
    private JobService jobs;
    private WarmUp warmUp;
    private HttpServer http;

    private Server(Config config, Clock clock) {
        this.config = config;
        this.machineClock = clock;
    }

    /**
     * Starts a server. Spark starts in the background, and jobs wait for it.
     *
     * @param types the job types
     * @throws DataDir.UnavailableException if the data dir cannot be used
     * @throws BindException if the port cannot be used
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
        CompletableFuture<StaticFiles> page = StaticFiles.read();
        CompletableFuture<Metrics> loading = CompletableFuture.supplyAsync(Metrics::new);
        add(OutputCapture.capture());
        DataDir owned = add(DataDir.open(config.dataDir()));
        owned.restrictToOwner(TokenFile.FILES);
        add(new DataDirMonitor(owned, () -> failure.complete(ExitCode.DATA_DIR_TAKEN)));
        Path dataDir = owned.path();
        trusted = add(TrustedClock.of(dataDir, machineClock).start());
        Clock clock = trusted.forRecords();
        AuditLog audit = add(
                new AuditLog(dataDir, clock, AuditBounds.ofTotal(config.access().maxAuditBytes())));
        // Early, because the rest takes some seconds if there are many jobs; until then, requests are refused.
        authenticator = authenticator(audit);
        Metrics metrics = loading.join();
        ServerMetrics measured = new ServerMetrics(metrics);
        http = listen(audit, accessLog(owned, clock), page, metrics);
        Path samples = dataDir.resolve("samples");
        SampleData.extract(samples);
        Path uploaded = owned.folder("datasets");
        Map<String, DatasetRoot> roots = roots(samples, uploaded);
        FolderJobStore store = add(new FolderJobStore(owned, clock, redactor(dataDir, roots)));
        ResultRoot results = new ResultRoot(store);
        DriverRoot.install(ResultRoot.NAME, results);
        roots.put(ResultRoot.NAME, results);
        Path owners = owned.ownersFolder("owners");
        // Spark reads by addresses, and only what was found by its name.
        Map<String, DatasetRoot> named = new LinkedHashMap<>(roots);
        named.put(Uploads.ROOT, new UploadRoot((LocalRoot) roots.get(Uploads.ROOT), owners));
        InputLimits inputLimits = new InputLimits(config.maxInputBytes(), config.maxExpansion());
        Datasets datasets =
                new Datasets(named, inputLimits, config.isLocal() ? Long.MAX_VALUE : Datasets.MAX_FROM_DRIVER);
        InputMessages.answer(new DriverFiles(roots));
        ResultMessages.take();
        JobTypes types = new JobTypes(
                datasets,
                types(builtIn, config.sql()),
                config.sql() == Config.SqlAccess.ADMIN ? Set.of(Sql.NAME) : Set.of(),
                authenticator::visibilityOf);

        Path scratch = owned.runFolder("spark");
        List<Path> folders = new ArrayList<>(List.of(scratch));
        folders.addAll(HadoopSettings.folders(config.sparkConf()));
        HadoopSettings.install();
        HadoopSettings.configure(config.sparkConf());
        SparkSettings settings = new SparkSettings(
                config.master(),
                cluster(),
                scratch,
                config.sparkUi(),
                config.maxRunning() == null ? Limits.MAX_RUNNING : config.maxRunning(),
                HadoopSettings.of(roots, inputLimits, folders, dataDir.resolve("active")),
                config.isLocal() ? null : TaskJar.write(scratch),
                config.sparkConf());
        SparkEngine engine = add(SparkEngine.of(settings, clock, new EngineListener()));
        Limits limits = limits(dataDir);
        SparkRunner runner = new SparkRunner(engine, types);
        jobs = add(new JobService(store, runner, types, clock, trusted, limits));
        measured.measureJobs(
                jobs, metrics.jobs(types.all().stream().map(JobType::name).collect(Collectors.toSet())), store, clock);
        measured.measureStorage(store, audit, limits.minFreeBytes());
        measured.measureSpark(engine);
        jobs.start();
        warmUp = add(new WarmUp(
                owned,
                runner,
                types,
                clock,
                () -> jobs.findUnfinished(job -> true).isEmpty()));
        Uploads uploads = new Uploads(
                uploaded,
                owned.incomingFolder(uploaded),
                owners,
                UploadLimits.of(
                        config.maxUploadBytes(),
                        limits.minFreeBytes(),
                        2 * config.access().maxShare()),
                file -> jobs.findUnfinished(job -> Datasets.covers(job.inputs(), file)));
        Presets presets = new Presets(owned.folder("presets"), owned.recovery(clock), clock);
        ServerInfo info = new ServerStatus(config, jobs, store, engine).info(clock);
        measured.measure(info);
        http.open(new Services(jobs, types, datasets, new SqlColumns(engine::session), uploads, presets, info));
        // Last, because it uses both cores of a small machine for some seconds, while HTTP already works.
        engine.start();
    }

    /** The types without SQL if nobody may run it. */
    static List<JobType<?>> types(List<JobType<?>> builtIn, Config.SqlAccess sql) {
        return builtIn.stream()
                .filter(type -> sql != Config.SqlAccess.OFF || !type.name().equals(Sql.NAME))
                .toList();
    }

    private Map<String, DatasetRoot> roots(Path samples, Path uploaded) {
        Map<String, DatasetRoot> roots = new LinkedHashMap<>();
        roots.put("samples", new LocalRoot("samples", samples, config.sharedDataDir()));
        roots.put(Uploads.ROOT, new LocalRoot(Uploads.ROOT, uploaded, config.sharedDataDir()));
        config.roots()
                .forEach((name, root) -> roots.put(name, HadoopSettings.root(name, root.location(), root.shared())));
        return roots;
    }

    /** How to reach the cluster; null with a local master. */
    private ClusterSettings cluster() throws ConfigException {
        if (config.isLocal()) {
            return null;
        }
        Config.Cluster cluster = config.cluster();
        ClusterSecret secret = ClusterSecret.read(cluster.secretFile()).orElse(null);
        if (secret == null) {
            LOG.warn(
                    "Without a secret, {} can run programs on the cluster; set --cluster-secret-file",
                    BindPolicy.exposedByCluster(config).isPresent()
                            ? "anyone who reaches its ports"
                            : "every user of this machine");
        }
        return new ClusterSettings(secret, cluster.driverHost(), cluster.driverPorts(), cluster.coresMax());
    }

    /** Users know datasets by the names of roots, and must not see their paths. */
    private static Redactor redactor(Path dataDir, Map<String, DatasetRoot> roots) {
        Map<Path, String> names = new LinkedHashMap<>();
        roots.forEach((name, root) -> {
            if (root instanceof LocalRoot local) {
                names.putIfAbsent(local.folder(), name);
            }
        });
        names.putIfAbsent(dataDir, "(data)");
        return Redactor.ofThisMachine(names);
    }

    private Authenticator authenticator(AuditLog audit) throws IOException, ConfigException {
        Config.Access access = config.access();
        Tokens tokens = BindPolicy.tokens(config, trusted);
        Optional<String> problem = tokens.problem();
        if (problem.isPresent()) {
            throw new ConfigException(List.of(problem.get()));
        }
        tokens.audit(audit, trusted.forRecords());
        return new Authenticator(
                tokens,
                new BrowserSessions(tokens),
                new RateLimits(access.requestsPerSecond(), access.jobsPerMinute()),
                access.isPrivate());
    }

    private final class EngineListener implements SparkEngine.Listener {
        @Override
        public void notStarted(Throwable cause) {
            failure.complete(ExitCode.FAILED);
        }

        @Override
        public void diedForGood() {
            failure.complete(ExitCode.SPARK_DIED);
        }

        @Override
        public void coresChanged(int cores) {
            if (config.maxRunning() == null) {
                jobs.setMaxRunning(Math.min(cores, Limits.MAX_RUNNING));
            }
        }
    }

    private Limits limits(Path dataDir) throws IOException {
        Long minFree = config.minFreeBytes();
        long total = Files.getFileStore(dataDir).getTotalSpace();
        return new Limits(
                config.maxRunning() == null ? 1 : config.maxRunning(),
                config.maxQueued(),
                config.access().maxRunningPerToken(),
                config.access().maxQueuedPerToken(),
                config.maxAttempts(),
                config.jobTimeout(),
                config.maxLogBytes(),
                config.maxResultBytes(),
                config.retainJobs(),
                Duration.ofDays(config.retainDays()),
                minFree == null ? Math.max(MIN_FREE_BYTES, total / MIN_FREE_DIVISOR) : minFree,
                ResultLimits.ofHeap(Runtime.getRuntime().maxMemory()));
    }

    private AccessLog accessLog(DataDir owned, Clock clock) throws IOException {
        long maxBytes = config.access().maxAccessLogBytes();
        return maxBytes == 0 ? AccessLog.none() : add(AccessLog.in(owned.folder("access"), maxBytes, clock));
    }

    private HttpServer listen(AuditLog audit, AccessLog access, CompletableFuture<StaticFiles> page, Metrics metrics)
            throws Exception {
        try {
            if (BindPolicy.isExposed(config.host()) && config.access().tlsCert() == null) {
                LOG.warn(
                        "Other machines reach this server at {} by plain HTTP: others on the network can read and use"
                                + " tokens and data; set --tls-cert and --tls-key, or put a proxy with TLS before it",
                        config.host());
            }
            return new HttpServer(httpSettings(), authenticator, audit, access, page, metrics);
        } catch (BindException e) {
            throw ListenFailure.explained(config.host(), config.port(), e);
        }
    }

    private HttpSettings httpSettings() throws ConfigException {
        Config.Access access = config.access();
        String dataDir = config.dataDir().toString();
        return new HttpSettings(
                config.host(),
                config.port(),
                config.corsOrigins(),
                access.allowedHosts(),
                access.tlsCert() == null ? null : TlsFiles.read(access.tlsCert(), access.tlsKey()),
                "tinderbox-" + Integer.toHexString(dataDir.hashCode()),
                access.maxShare(),
                FileDescriptors.maxConnections());
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    /** Whether requests need a token. */
    public boolean needsToken() {
        return authenticator.isClosed();
    }

    /** The address to open in a browser. */
    public URI url() {
        boolean anywhere = config.host().equals("0.0.0.0") || config.host().equals("::");
        String host = anywhere ? "localhost" : config.host();
        return URI.create((config.access().tlsCert() == null ? "http://" : "https://")
                + (host.contains(":") ? "[" + host + "]" : host) + ":" + http.port() + "/");
    }

    /** Runs a small job in the background once Spark is ready, unless others wait, so that the first job is fast. */
    public void warmUp() {
        warmUp.start();
    }

    /** Waits until the server can no longer work, and returns the exit code. */
    public int awaitFailure() throws InterruptedException, ExecutionException {
        return failure.get();
    }

    /** Accepts no new jobs, gives running ones time to finish, then stops. Waiting jobs are kept for the next start. */
    public void stop() {
        int running = jobs.runningCount();
        if (running == 0) {
            int waiting = jobs.waitingCount();
            LOG.info(
                    "Stopping: no job is running{}",
                    waiting == 0 ? "" : "; waiting jobs " + waiting + ", kept for the next start");
        } else {
            LOG.info(
                    "Stopping: running jobs {}, they have until {} to finish ({} s, --grace); one that is still running"
                            + " then runs again after the next start and loses no attempt. Waiting jobs {}, kept for the"
                            + " next start. A second signal (Ctrl-C again) ends the server at once; no job is lost, but"
                            + " each running one loses an attempt",
                    running,
                    machineClock.instant().plus(config.grace()).truncatedTo(ChronoUnit.SECONDS),
                    config.grace().toSeconds(),
                    jobs.waitingCount());
        }
        jobs.drain(config.grace());
        int left = jobs.runningCount();
        close();
        if (left > 0) {
            LOG.info(
                    "Stopped; {} of the running jobs did not finish in time, they run again after the next start",
                    left);
        } else {
            LOG.info("Stopped");
        }
    }

    /** Stops all parts; running jobs run again after the next start. A second call does nothing. */
    @Override
    public synchronized void close() {
        // It was started before the parts that its handlers use.
        if (http != null) {
            close(http);
        }
        while (!parts.isEmpty()) {
            close(parts.pop());
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception | Error e) {
            // The other parts must still stop.
            LOG.error("{} did not stop cleanly", part.getClass().getSimpleName(), e);
        }
    }
}
