package tinderbox.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tinderbox.common.LoopbackAddress;
import tinderbox.common.MasterUrl;
import tinderbox.job.log.JobLog;

/** Creates a {@link Config} from the values of all settings, and reports every problem at once. */
public final class ConfigLoader {
    private static final Pattern LOCAL_MASTER = Pattern.compile("local|local\\[(\\*|[1-9]\\d{0,3})]");
    private static final Pattern ORIGIN = Pattern.compile("(?i)https?://(?:[a-z0-9.-]+|\\[[0-9a-f:]+])(?::\\d{1,5})?");
    private static final Pattern HOST_NAME = Pattern.compile("(?i)[a-z0-9](?:[a-z0-9._-]{0,252})");
    private static final Pattern IPV6 = Pattern.compile("\\[?[0-9a-fA-F:.]*:[0-9a-fA-F:.]*]?");
    private static final Pattern TWO_PORTS = Pattern.compile("(\\d{1,5}),(\\d{1,5})");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})([smhd])");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,6})(|KiB|MiB|GiB|TiB)");
    private static final List<String> UNITS = List.of("", "KiB", "MiB", "GiB", "TiB");

    private static final int MOST_RUNNING = 1024;

    /** Spark settings that have a flag, and the advice to use it. */
    private static final Map<String, String> RESERVED_SPARK_CONF =
            Map.of("spark.master", "use --master", "spark.ui.enabled", "use --spark-ui");

    /** As above, with a cluster. */
    private static final Map<String, String> RESERVED_ON_CLUSTER = Map.of(
            "spark.driver.host", "use --driver-host",
            "spark.driver.port", "use --driver-ports",
            "spark.driver.blockManager.port", "use --driver-ports",
            "spark.cores.max", "use --cores-max");

    /** Java's home folder of a user who has none. */
    private static final Path NO_HOME = Path.of("?");

    private final Path home;
    private final SettingValues values;
    private final List<String> problems = new ArrayList<>();

    /** The home folder that {@code ~} stands for. Java reads it from /etc/passwd, which may lack a container's user. */
    public static Path home(Map<String, String> environment) {
        Path home = Path.of(System.getProperty("user.home"));
        return home.equals(NO_HOME) ? Path.of(environment.getOrDefault("HOME", home.toString())) : home;
    }

    /**
     * Reads the values of all settings; {@link #load} checks them.
     *
     * @param flags the values of the flags on the command line
     * @param file the properties file, or null
     */
    public ConfigLoader(Map<Setting, List<String>> flags, Map<String, String> environment, Path file, Path home) {
        this.home = home;
        this.values = new SettingValues(flags, environment, file);
        this.problems.addAll(values.problems());
    }

    /**
     * The configuration.
     *
     * @throws ConfigException with every problem
     */
    public Config load() throws ConfigException {
        Path dataDir = path(Setting.DATA_DIR, text(Setting.DATA_DIR));
        int maxQueued = (int) number(Setting.MAX_QUEUED, 1, 1_000_000);
        Config config = new Config(
                host(),
                (int) number(Setting.PORT, 0, 65_535),
                dataDir,
                master(),
                new Roots(dataDir, text -> path(Setting.ROOT, text), problem -> problem(Setting.ROOT, problem))
                        .of(values.get(Setting.ROOT).texts()),
                flag(Setting.SHARED_DATA_DIR),
                maxRunning(),
                maxQueued,
                (int) number(Setting.MAX_ATTEMPTS, 1, 100),
                duration(Setting.JOB_TIMEOUT, 1),
                number(Setting.RETAIN_JOBS, 1, 10_000_000),
                (int) number(Setting.RETAIN_DAYS, 1, 36_500),
                size(Setting.MAX_LOG_BYTES, JobLog.MIN_BYTES),
                size(Setting.MAX_RESULT_BYTES, 1 << 10),
                size(Setting.MAX_UPLOAD_BYTES, 0),
                size(Setting.MAX_INPUT_BYTES, 1),
                (int) number(Setting.MAX_EXPANSION, 1, 1_000_000),
                isDefault(Setting.MIN_FREE) ? null : size(Setting.MIN_FREE, 0),
                duration(Setting.GRACE, 0),
                sql(),
                !flag(Setting.NO_WARM_UP),
                sparkConf(),
                flag(Setting.SPARK_UI),
                corsOrigins(),
                logging(),
                access(maxQueued),
                cluster());
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return config;
    }

    /** Each setting with its value and origin, one per line. Secrets are hidden. */
    public List<String> describe() {
        return values.describe();
    }

    private String text(Setting setting) {
        return values.get(setting).text();
    }

    private void problem(Setting setting, String problem) {
        problems.add(values.get(setting).origin() + ": " + problem);
    }

    private String host() {
        String host = values.get(Setting.HOST).isDefault() ? LoopbackAddress.address() : text(Setting.HOST);
        if (host.isEmpty() || host.contains("/") || host.contains(" ")) {
            problem(Setting.HOST, "\"" + host + "\" must be an address of this machine, such as 127.0.0.1");
        }
        return host;
    }

    private String master() {
        String text = text(Setting.MASTER);
        if (!LOCAL_MASTER.matcher(text).matches() && MasterUrl.parse(text).isEmpty()) {
            problem(Setting.MASTER, "\"" + text + "\" must be local[*], local[N] or spark://host:port");
        }
        return text;
    }

    private long number(Setting setting, long min, long max) {
        String text = text(setting);
        try {
            long number = Long.parseLong(text.replace("_", ""));
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, like a number out of range.
        }
        problem(setting, "\"" + text + "\" must be a whole number from " + min + " to " + max);
        return min;
    }

    /** A number of seconds, minutes, hours or days. */
    private Duration duration(Setting setting, long min) {
        Matcher matcher = DURATION.matcher(text(setting));
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) < min) {
            problem(
                    setting,
                    "\"" + text(setting) + "\" must be a duration such as 90s, 30m, 24h or 7d, at least " + min + "s");
            return Duration.ZERO;
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** A number of bytes, KiB, MiB, GiB or TiB. */
    private long size(Setting setting, long min) {
        Matcher matcher = SIZE.matcher(text(setting));
        int unit = matcher.matches() ? UNITS.indexOf(matcher.group(2)) : -1;
        long size = unit < 0 ? -1 : Long.parseLong(matcher.group(1)) << (10 * unit);
        if (size < min) {
            problem(
                    setting,
                    "\"" + text(setting) + "\" must be a size such as 512MiB or 10GiB, at least " + min + " bytes");
        }
        return size;
    }

    private Integer maxRunning() {
        if (isDefault(Setting.MAX_RUNNING)) {
            return text(Setting.MASTER).startsWith("local")
                    ? Runtime.getRuntime().availableProcessors()
                    : null;
        }
        return (int) number(Setting.MAX_RUNNING, 1, MOST_RUNNING);
    }

    private boolean flag(Setting setting) {
        String text = text(setting);
        if (!text.equals("true") && !text.equals("false")) {
            problem(setting, "\"" + text + "\" must be true or false");
        }
        return text.equals("true");
    }

    private Path path(Setting setting, String text) {
        try {
            Path path = text.equals("~") || text.startsWith("~/")
                    ? home.resolve(text.substring(Math.min(2, text.length())))
                    : Path.of(text);
            if (text.isEmpty()) {
                problem(setting, "must be the path of a folder");
            }
            if (text.startsWith("~") && path.startsWith(NO_HOME)) {
                problems.add(
                        "this user has no home folder for " + text + "; name another folder with " + setting.flag());
            }
            return path.toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            problem(setting, "\"" + text + "\" is not a path: " + e.getReason());
            return home;
        }
    }

    private List<String> corsOrigins() {
        List<String> origins = new ArrayList<>();
        for (String origin : values.get(Setting.CORS_ORIGIN).texts()) {
            origins.add(normalized(origin));
            if (!ORIGIN.matcher(origin).matches()) {
                problem(
                        Setting.CORS_ORIGIN,
                        "\"" + origin + "\" must be one origin without a path, such as https://lab.example.org");
            }
        }
        return origins;
    }

    /** An origin as browsers send it: in lower case, without the default port. */
    private static String normalized(String origin) {
        return origin.toLowerCase(Locale.ROOT).replaceFirst("^(https://[^/]+):443$|^(http://[^/]+):80$", "$1$2");
    }

    private Config.Access access(int maxQueued) {
        List<String> hosts = values.get(Setting.ALLOWED_HOST).texts();
        for (String host : hosts) {
            if (!HOST_NAME.matcher(host).matches()) {
                problem(
                        Setting.ALLOWED_HOST,
                        "\"" + host + "\" must be a name without a port, such as lab.example.org");
            }
        }
        Path cert = file(Setting.TLS_CERT);
        Path key = file(Setting.TLS_KEY);
        if ((cert == null) != (key == null)) {
            problem(cert == null ? Setting.TLS_KEY : Setting.TLS_CERT, "TLS needs both --tls-cert and --tls-key");
        }
        return new Config.Access(
                hosts,
                cert,
                key,
                flag(Setting.INSECURE_HTTP),
                flag(Setting.PRIVATE),
                (int) number(Setting.MAX_REQUESTS_PER_SECOND, 1, 100_000),
                (int) number(Setting.MAX_JOBS_PER_MINUTE, 1, 1_000_000),
                isDefault(Setting.MAX_RUNNING_PER_TOKEN)
                        ? MOST_RUNNING
                        : (int) number(Setting.MAX_RUNNING_PER_TOKEN, 1, MOST_RUNNING),
                isDefault(Setting.MAX_QUEUED_PER_TOKEN)
                        ? Math.max(1, maxQueued / 4)
                        : (int) number(Setting.MAX_QUEUED_PER_TOKEN, 1, 1_000_000),
                (int) number(Setting.MAX_SHARE, 1, 100),
                size(Setting.MAX_AUDIT_BYTES, 1 << 20),
                size(Setting.MAX_ACCESS_LOG_BYTES, 0));
    }

    private Config.Cluster cluster() {
        return new Config.Cluster(
                file(Setting.CLUSTER_SECRET_FILE),
                isDefault(Setting.DRIVER_HOST) ? null : driverHost(),
                isDefault(Setting.DRIVER_PORTS) ? List.of() : driverPorts(),
                isDefault(Setting.CORES_MAX) ? null : (int) number(Setting.CORES_MAX, 1, 100_000),
                flag(Setting.INSECURE_CLUSTER));
    }

    private boolean isDefault(Setting setting) {
        return text(setting).equals(setting.defaultText());
    }

    private String driverHost() {
        String host = text(Setting.DRIVER_HOST);
        if ((!HOST_NAME.matcher(host).matches() && !IPV6.matcher(host).matches()) || BindPolicy.isWildcard(host)) {
            problem(
                    Setting.DRIVER_HOST,
                    "\"" + host + "\" must be the one address of this machine that executors reach, such as 10.0.0.5");
        }
        return host;
    }

    private List<Integer> driverPorts() {
        Matcher matcher = TWO_PORTS.matcher(text(Setting.DRIVER_PORTS));
        List<Integer> ports = matcher.matches()
                ? List.of(Integer.valueOf(matcher.group(1)), Integer.valueOf(matcher.group(2)))
                : List.of();
        if (Set.copyOf(ports).size() != 2 || ports.stream().anyMatch(port -> port < 1024 || port > 65_535)) {
            problem(
                    Setting.DRIVER_PORTS,
                    "\"" + text(Setting.DRIVER_PORTS) + "\" must be two different ports from 1024 to 65535, such as"
                            + " 7178,7179");
        }
        return ports;
    }

    /** A readable file; null if none is given. */
    private Path file(Setting setting) {
        if (text(setting).isEmpty()) {
            return null;
        }
        Path file = path(setting, text(setting));
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            problem(setting, "\"" + file + "\" is not a file that can be read");
        }
        return file;
    }

    private Config.SqlAccess sql() {
        return word(Setting.SQL, Config.SqlAccess.class, "on, admin or off");
    }

    private Config.Logging logging() {
        String file = text(Setting.LOG_FILE);
        return new Config.Logging(
                word(Setting.LOG_FORMAT, Config.LogFormat.class, "text or json"),
                file.isEmpty() ? null : path(Setting.LOG_FILE, file),
                size(Setting.MAX_LOG_FILE_BYTES, 1 << 20));
    }

    /** One of some words; the first if it is none of them. */
    private <E extends Enum<E>> E word(Setting setting, Class<E> words, String allowed) {
        for (E word : words.getEnumConstants()) {
            if (word.name().toLowerCase(Locale.ROOT).equals(text(setting))) {
                return word;
            }
        }
        problem(setting, "\"" + text(setting) + "\" must be " + allowed);
        return words.getEnumConstants()[0];
    }

    private Map<String, String> sparkConf() {
        boolean local = text(Setting.MASTER).startsWith("local");
        Map<String, String> reserved = new HashMap<>(RESERVED_SPARK_CONF);
        reserved.putAll(local ? Map.of() : RESERVED_ON_CLUSTER);
        Map<String, String> conf = new LinkedHashMap<>();
        for (String value : values.get(Setting.SPARK_CONF).texts()) {
            Matcher matcher =
                    Pattern.compile("(spark\\.[^=\\s]+)=(.*)", Pattern.DOTALL).matcher(value);
            if (!matcher.matches()) {
                problem(Setting.SPARK_CONF, "\"" + value + "\" must be spark.some.setting=value");
            } else if (reserved.containsKey(matcher.group(1))) {
                problem(Setting.SPARK_CONF, matcher.group(1) + " has its own flag; " + reserved.get(matcher.group(1)));
            } else {
                SparkConfRules.problem(matcher.group(1), matcher.group(2), local)
                        .ifPresent(problem -> problem(Setting.SPARK_CONF, problem));
                conf.put(matcher.group(1), matcher.group(2));
            }
        }
        return conf;
    }
}
