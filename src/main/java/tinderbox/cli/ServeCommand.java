package tinderbox.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.Server;
import tinderbox.Version;
import tinderbox.common.FileErrors;
import tinderbox.config.BindPolicy;
import tinderbox.config.Config;
import tinderbox.config.ConfigException;
import tinderbox.config.ConfigLoader;
import tinderbox.config.Setting;
import tinderbox.jobtype.JobTypes;
import tinderbox.store.DataDir;

/** {@code tinderbox [serve]}: runs the server until it is stopped or fails. */
final class ServeCommand {
    static final String NAME = "serve";

    /** How long stopping may take beyond the grace time of the jobs. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    static final String VERSION = "--version";
    private static final String PRINT_CONFIG = "--print-config";

    private ServeCommand() {}

    static CommandSpec spec() {
        CommandSpec serve = CommandSpec.create().name(NAME);
        serve.usageMessage().description("Serve the page and the API. This is the default.");
        addOptions(serve);
        return serve;
    }

    /** Adds the options of a server to {@code spec}: every setting, and what shows them. */
    static void addOptions(CommandSpec spec) {
        CommandHelp.addTo(spec);
        spec.addOption(OptionSpec.builder("-V", VERSION)
                .versionHelp(true)
                .type(boolean.class)
                .arity("0")
                .description("Print the versions of Tinderbox, Spark and Java.")
                .build());
        spec.versionProvider(() -> new String[] {
            "Tinderbox " + Version.tinderbox() + ", Spark " + Version.spark() + ", Java " + Runtime.version()
        });
        for (Setting setting : Setting.values()) {
            spec.addOption(SettingOptions.setting(setting));
        }
        spec.addOption(OptionSpec.builder(SettingOptions.CONFIG)
                .type(Path.class)
                .paramLabel("FILE")
                .description("Properties file with any of these settings, named without the leading hyphens.")
                .build());
        spec.addOption(OptionSpec.builder(PRINT_CONFIG)
                .type(boolean.class)
                .arity("0")
                .description("Print every setting and where its value comes from, and exit.")
                .build());
        spec.usageMessage()
                .optionListHeading("%nOptions:%n")
                .footer(
                        "",
                        "Each setting can also come from the environment: TINDERBOX_PORT stands for"
                                + " --port. Flags override the environment, and the environment overrides the"
                                + " properties file.",
                        "",
                        "Exit codes: 0 stopped on request, 1 failed, 2 wrong usage or settings, 3 port or"
                                + " data dir not available, 4 another server has taken the data dir, 70 Spark died"
                                + " repeatedly, 130 stopped at once by a second signal.");
    }

    /** Runs the command, and returns the exit code. A server that has started ends the process itself. */
    static int run(ParseResult serve) throws ConfigException {
        PrintWriter out = serve.commandSpec().commandLine().getOut();
        PrintWriter err = serve.commandSpec().commandLine().getErr();
        ConfigLoader loader = SettingOptions.loader(serve);
        Config config = loader.load();
        if (serve.hasMatchedOption(PRINT_CONFIG)) {
            loader.describe().forEach(out::println);
            out.flush();
            return ExitCode.OK;
        }
        Optional<String> tooSmall = Preflight.tooSmall(Runtime.getRuntime().maxMemory());
        if (tooSmall.isPresent()) {
            throw new ConfigException(List.of(tooSmall.get()));
        }
        try {
            DataDir.requireUsable(config.dataDir());
            BindPolicy.check(config);
            return serveWithSpace(config, out);
        } catch (ConfigException e) {
            throw e;
        } catch (DataDir.UnavailableException | BindException e) {
            err.println("tinderbox: " + e.getMessage());
            return ExitCode.UNAVAILABLE;
        } catch (IOException e) {
            err.println("tinderbox: the server could not start: " + FileErrors.describe(e));
            return ExitCode.FAILED;
        } catch (Exception e) {
            err.println("tinderbox: the server could not start: " + e);
            return ExitCode.FAILED;
        }
    }

    /** A full disk has one message, whichever part of the start met it. */
    private static int serveWithSpace(Config config, PrintWriter out) throws Exception {
        try {
            return serve(config, out);
        } catch (IOException e) {
            throw FileErrors.isFull(e) && !(e instanceof DataDir.UnavailableException)
                    ? DataDir.unusable(config.dataDir(), e)
                    : e;
        }
    }

    private static int serve(Config config, PrintWriter out) throws Exception {
        LoggingStartup.await(config.logging());
        // Before anything creates a temporary file.
        TempFolder temporary = TempFolder.use(config.dataDir());
        Server server;
        try {
            server = Server.start(config, JobTypes.builtIn(), Clock.systemUTC());
        } catch (Exception | Error e) {
            temporary.close();
            throw e;
        }
        temporary.removeOthers();
        if (config.warmsUp()) {
            server.warmUp();
        }
        StopSignals.onFirst(config.grace().plus(STOP_LIMIT), () -> {
            server.stop();
            temporary.close();
        });
        out.println("Tinderbox is at " + server.url());
        String token = server.needsToken() ? "-H 'Authorization: Bearer TOKEN' " : "";
        out.println("Try: curl -X POST " + token + server.url() + "api/v1/jobs");
        out.flush();
        int code = server.awaitFailure();
        if (code != ExitCode.DATA_DIR_TAKEN) {
            // A data dir that another server has taken is not ours to tidy up.
            server.close();
            temporary.close();
        }
        Runtime.getRuntime().halt(code);
        return code;
    }
}
