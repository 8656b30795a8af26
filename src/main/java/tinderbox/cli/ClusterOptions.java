package tinderbox.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.cluster.ClusterFolder;
import tinderbox.cluster.ClusterSecret;
import tinderbox.common.FileErrors;
import tinderbox.common.LoopbackAddress;
import tinderbox.config.BindPolicy;
import tinderbox.config.Config;
import tinderbox.config.ConfigException;
import tinderbox.config.Setting;
import tinderbox.store.DataDir;

/** What {@code master} and {@code worker} have in common. */
final class ClusterOptions {
    static final String HOST = "--host";
    static final String PORT = "--port";
    static final String UI_PORT = "--ui-port";

    /** More than a worker gives its executors. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final ParseResult parsed;
    private final Config config;
    private final PrintWriter err;

    /** Starts Spark's master or worker in this process. */
    interface Start {
        AutoCloseable in(ClusterFolder folder) throws IOException, InterruptedException, ConfigException;
    }

    private ClusterOptions(ParseResult parsed, Config config) {
        this.parsed = parsed;
        this.config = config;
        this.err = parsed.commandSpec().commandLine().getErr();
    }

    static ClusterOptions of(ParseResult parsed) throws ConfigException {
        return new ClusterOptions(parsed, SettingOptions.loader(parsed).load());
    }

    static void add(CommandSpec spec, String host, OptionSpec port, int uiPort) {
        CommandHelp.addTo(spec);
        spec.addOption(option(HOST, "ADDRESS", host).build());
        spec.addOption(port);
        spec.addOption(port(UI_PORT, uiPort, "Port of its web page, on loopback; if it is taken, one of the next."));
        spec.addOption(SettingOptions.setting(Setting.CLUSTER_SECRET_FILE));
        spec.addOption(SettingOptions.setting(Setting.INSECURE_CLUSTER));
        spec.addOption(dataDir());
        spec.addOption(SettingOptions.setting(Setting.SPARK_CONF));
        spec.addOption(SettingOptions.setting(Setting.LOG_FORMAT));
    }

    /** The server's option of that name; the command uses one of its folders. */
    private static OptionSpec dataDir() {
        return OptionSpec.builder(SettingOptions.setting(Setting.DATA_DIR))
                .description("Folder in whose folder cluster it keeps its files; may be that of a server. Default: "
                        + Setting.DATA_DIR.defaultText() + ".")
                .build();
    }

    static OptionSpec.Builder option(String name, String label, String description) {
        return OptionSpec.builder(name).type(String.class).paramLabel(label).description(description);
    }

    static OptionSpec port(String name, int standard, String description) {
        return OptionSpec.builder(name)
                .type(Integer.class)
                .paramLabel("PORT")
                .description(description + " Default: " + standard + ".")
                .build();
    }

    /** The number of a port, or the problem that it has. */
    int port(String option, int standard, List<String> problems) {
        int port = parsed.matchedOptionValue(option, standard);
        if (port != 0 && (port < 1024 || port > 65_535)) {
            problems.add(option + ": " + port + " must be 0, for any free port, or from 1024 to 65535");
        }
        return port;
    }

    /** The address to listen on; empty if none is given. */
    Optional<String> host(List<String> problems) {
        Optional<String> host = Optional.ofNullable(parsed.matchedOptionValue(HOST, null));
        if (host.filter(BindPolicy::isWildcard).isPresent()) {
            problems.add(HOST + ": " + host.get() + " must be the one address at which the others of the cluster reach"
                    + " this machine");
        }
        return host;
    }

    /** Settings for Spark. */
    Map<String, String> sparkConf() {
        return config.sparkConf();
    }

    /**
     * Runs the command: in the parent process the child, in the child Spark.
     *
     * @param hosts of this process and of those that it talks to
     * @param problems what else is wrong
     */
    int run(List<String> hosts, List<String> problems, Start start) throws ConfigException {
        Optional<ClusterSecret> secret = secret(hosts, problems);
        try {
            DataDir.requireUsable(config.dataDir());
            DataDir.create(config.dataDir());
            ClusterFolder folder = ClusterFolder.in(config.dataDir());
            if (ChildProcess.isChild()) {
                return serve(folder, start);
            }
            if (secret.isEmpty()) {
                warn(hosts);
            }
            return ChildProcess.run(parsed.originalArgs(), environment(folder, secret), STOP_LIMIT, err);
        } catch (DataDir.UnavailableException | BindException e) {
            err.println("tinderbox: " + e.getMessage());
            return ExitCode.UNAVAILABLE;
        } catch (IOException e) {
            err.println("tinderbox: " + parsed.commandSpec().name() + " could not start: " + FileErrors.describe(e));
            return ExitCode.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    private Optional<ClusterSecret> secret(List<String> hosts, List<String> problems) throws ConfigException {
        List<String> all = new ArrayList<>(problems);
        Path file = config.cluster().secretFile();
        Optional<String> exposed = hosts.stream().filter(BindPolicy::isExposed).findFirst();
        if (file == null && exposed.isPresent() && !config.cluster().insecure()) {
            all.add(BindPolicy.withoutSecret(exposed.get()));
        }
        if (!all.isEmpty()) {
            throw new ConfigException(all);
        }
        return ClusterSecret.read(file);
    }

    private void warn(List<String> hosts) {
        String who = hosts.stream().anyMatch(BindPolicy::isExposed)
                ? "anyone who reaches its port"
                : "every user of this machine";
        err.println("tinderbox: warning: without " + Setting.CLUSTER_SECRET_FILE.flag() + ", " + who
                + " can run programs as this user");
    }

    private static Map<String, String> environment(ClusterFolder folder, Optional<ClusterSecret> secret)
            throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of(
                "SPARK_HOME",
                folder.home(CdsArchive.runningJar()).toString(),
                // Otherwise Spark looks for its own build folders to find this out.
                "SPARK_SCALA_VERSION",
                "2.13",
                // Where its web page listens.
                "SPARK_LOCAL_IP",
                LoopbackAddress.address(),
                "JAVA_HOME",
                System.getProperty("java.home")));
        secret.ifPresent(known -> environment.put(ClusterSecret.VARIABLE, known.text()));
        return environment;
    }

    private int serve(ClusterFolder folder, Start start) throws IOException, InterruptedException, ConfigException {
        // The environment may name a file for a server.
        LoggingStartup.await(config.logging().onStandardError());
        TempFolder temporary = TempFolder.use(folder.own(parsed.commandSpec().name()));
        AtomicReference<AutoCloseable> started = new AtomicReference<>();
        Runnable stop = StopSignals.onFirst(STOP_LIMIT, () -> {
            close(started.get());
            temporary.close();
            LoggerFactory.getLogger(ClusterOptions.class)
                    .info("The {} has stopped", parsed.commandSpec().name());
        });
        ChildProcess.followParent(stop);
        try {
            started.set(start.in(folder));
            // Now that the folder is locked.
            temporary.removeOthers();
        } catch (IOException | InterruptedException | ConfigException | RuntimeException e) {
            temporary.close();
            throw e;
        }
        Thread.currentThread().join();
        return ExitCode.OK;
    }

    private static void close(AutoCloseable part) {
        try {
            if (part != null) {
                part.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
