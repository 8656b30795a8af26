package tinderbox.support;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tinderbox.config.Config;

/** Builds a {@link Config} for a server in a test's JVM: on loopback, with two cores and limits that tests do not reach. */
public final class ConfigBuilder {
    private final Path dataDir;
    private int port;
    private Map<String, Config.Root> roots = Map.of();
    private int maxRunning = 2;
    private long retainJobs = 100_000;
    private Map<String, String> sparkConf = Map.of();
    private List<String> corsOrigins = List.of();
    private Config.SqlAccess sql = Config.SqlAccess.ON;

    private boolean isPrivate;

    private ConfigBuilder(Path dataDir) {
        this.dataDir = dataDir;
    }

    /** Uses a free port. */
    public static ConfigBuilder aConfig(Path dataDir) {
        return new ConfigBuilder(dataDir);
    }

    public ConfigBuilder port(int number) {
        port = number;
        return this;
    }

    public ConfigBuilder root(String name, Path folder) {
        roots = Map.of(name, new Config.Root(folder.toUri(), false));
        return this;
    }

    public ConfigBuilder maxRunning(int attempts) {
        maxRunning = attempts;
        return this;
    }

    public ConfigBuilder retainJobs(long jobs) {
        retainJobs = jobs;
        return this;
    }

    public ConfigBuilder sparkConf(Map<String, String> conf) {
        sparkConf = conf;
        return this;
    }

    public ConfigBuilder corsOrigins(String... origins) {
        corsOrigins = List.of(origins);
        return this;
    }

    public ConfigBuilder sql(Config.SqlAccess access) {
        sql = access;
        return this;
    }

    /** Requests need a token, and submitters see only what is their own. */
    public ConfigBuilder isPrivate(boolean value) {
        isPrivate = value;
        return this;
    }

    public Config build() {
        int maxQueued = 1000;
        int maxAttempts = 2;
        Duration jobTimeout = Duration.ofHours(1);
        int retainDays = 90;
        long maxLogBytes = 64L << 20;
        long maxResultBytes = 10L << 30;
        long maxUploadBytes = 64L << 20;
        long maxInputBytes = 1L << 30;
        int maxExpansion = 200;
        long minFreeBytes = 0;
        Duration grace = Duration.ZERO;
        boolean sparkUi = false;
        return new Config(
                "127.0.0.1",
                port,
                dataDir,
                "local[2]",
                roots,
                false,
                maxRunning,
                maxQueued,
                maxAttempts,
                jobTimeout,
                retainJobs,
                retainDays,
                maxLogBytes,
                maxResultBytes,
                maxUploadBytes,
                maxInputBytes,
                maxExpansion,
                minFreeBytes,
                grace,
                sql,
                true,
                sparkConf,
                sparkUi,
                corsOrigins,
                Config.Logging.DEFAULT,
                access(),
                new Config.Cluster(null, null, List.of(), null, false));
    }

    private Config.Access access() {
        int requestsPerSecond = 100_000;
        int jobsPerMinute = 1_000_000;
        int maxShare = 100;
        long maxAuditBytes = 1L << 30;
        long maxAccessLogBytes = 1L << 20;
        return new Config.Access(
                List.of(),
                null,
                null,
                false,
                isPrivate,
                requestsPerSecond,
                jobsPerMinute,
                1024,
                1_000_000,
                maxShare,
                maxAuditBytes,
                maxAccessLogBytes);
    }
}
