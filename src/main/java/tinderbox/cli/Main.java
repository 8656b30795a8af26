package tinderbox.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.Server;
import tinderbox.Version;
import tinderbox.common.FileErrors;
import tinderbox.common.LaunchCommand;
import tinderbox.config.BindPolicy;
import tinderbox.config.Config;
import tinderbox.config.ConfigException;
import tinderbox.config.ConfigLoader;
import tinderbox.config.Setting;
import tinderbox.jobtype.JobTypes;
import tinderbox.store.Backup;
import tinderbox.store.DataDir;

/** The command line. */
public final class Main {
    /** What stopping may take beyond the grace time of the jobs. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(60);

    private static final String PRINT_CONFIG = "--print-config";

    /** The logging takes as long to begin as the command line to be read: both at once, each on a core of its own. */
    private static final Thread LOGGING = new Thread(() -> LoggerFactory.getLogger(Main.class), "tinderbox-logging");

    /** Characters in a line of help; wide enough for each example in one, so that none is broken. */
    private static final int HELP_WIDTH = 100;

    private static final int LONGEST_EXAMPLE = 70;

    private static final Duration LOGGING_WITHIN = Duration.ofSeconds(30);

    private final CommandSpec spec;

    private Main(CommandSpec spec) {
        this.spec = spec;
    }

    public static void main(String[] arguments) {
        Optional<String> unreadable = Preflight.unreadable(System.getProperty("java.class.path"));
        if (unreadable.isPresent()) {
            System.err.println("tinderbox: " + unreadable.get());
            System.exit(ExitCode.USAGE);
        }
        LOGGING.start();
        System.exit(commandLine().execute(arguments));
    }

    /** The whole command line; {@code serve} is what it does when no command is named. */
    static CommandLine commandLine() {
        String command = LaunchCommand.text();
        CommandSpec root = CommandSpec.create().name(command);
        root.usageMessage()
                .width(Math.max(HELP_WIDTH, command.length() + LONGEST_EXAMPLE))
                .abbreviateSynopsis(true)
                .description(
                        "A Spark job server in one JAR: serves the page and the API until it is stopped.",
                        "",
                        "Examples:",
                        "  " + command.replace("%", "%%") + "   (serves on http://127.0.0.1:8080/)",
                        "  " + command.replace("%", "%%")
                                + " --root lab=/data/lab   (jobs may read /data/lab as lab/…)",
                        "  " + command.replace("%", "%%") + " --port 9000 --max-running 2 --data-dir /srv/tinderbox",
                        "  " + command.replace("%", "%%") + " token create --name lab --role submitter",
                        "  " + command.replace("%", "%%") + " token --help");
        options(root);
        CommandSpec serve = CommandSpec.create().name("serve");
        serve.usageMessage().description("Serve the page and the API; the default.");
        options(serve);
        root.addSubcommand("serve", serve);
        root.addSubcommand("help", new CommandLine(new CommandLine.HelpCommand()));
        root.addSubcommand("backup", backup());
        root.addSubcommand("warm", warm());
        root.addSubcommand("token", TokenCommand.spec());
        root.addSubcommand("audit", AuditCommand.spec());
        CommandLine commandLine = new CommandLine(root);
        commandLine.setExecutionStrategy(Main::execute);
        commandLine.setParameterExceptionHandler(Main::wrongUsage);
        return commandLine;
    }

    private static CommandSpec backup() {
        CommandSpec backup = CommandSpec.create().name("backup");
        backup.usageMessage()
                .description("Copy the data dir into a ZIP file, also while a server works on it. To restore, unpack it"
                        + " into an empty folder and start a server with that folder as its --data-dir.");
        backup.mixinStandardHelpOptions(true);
        backup.addPositional(PositionalParamSpec.builder()
                .type(Path.class)
                .paramLabel("FILE")
                .index("0")
                .required(true)
                .arity("1")
                .description("The ZIP file to write; it must not be there yet.")
                .build());
        backup.addOption(SettingOptions.setting(Setting.DATA_DIR));
        return backup;
    }

    private static CommandSpec warm() {
        CommandSpec warm = CommandSpec.create().name("warm");
        warm.usageMessage()
                .description("Make an archive of the classes that a server loads, once for this JAR and this JDK, and"
                        + " print the command that starts in less than half the time with it. It starts a server of"
                        + " its own for that, on a free port and a temporary data dir.");
        warm.mixinStandardHelpOptions(true);
        warm.addPositional(PositionalParamSpec.builder()
                .type(Path.class)
                .paramLabel("FILE")
                .index("0")
                .arity("0..1")
                .description("The archive to make; without it, one beside the JAR. About 100 MB.")
                .build());
        return warm;
    }

    private static void options(CommandSpec spec) {
        spec.mixinStandardHelpOptions(true);
        spec.versionProvider(() -> new String[] {
            "Tinderbox " + Version.tinderbox() + ", Spark " + Version.spark() + ", Java " + Runtime.version()
        });
        for (Setting setting : Setting.values()) {
            spec.addOption(SettingOptions.setting(setting));
        }
        spec.addOption(OptionSpec.builder(SettingOptions.CONFIG)
                .type(Path.class)
                .paramLabel("FILE")
                .description("Properties file with any of these settings, named without the hyphens.")
                .build());
        spec.addOption(OptionSpec.builder(PRINT_CONFIG)
                .type(boolean.class)
                .arity("0")
                .description("Print every setting with where its value comes from, and exit.")
                .build());
        spec.usageMessage()
                .sortOptions(false)
                .optionListHeading("%nOptions:%n")
                .commandListHeading("%nCommands:%n")
                .footer(
                        "",
                        "Each setting can also be given as TINDERBOX_… in the environment, such as TINDERBOX_PORT;",
                        "flags go before the environment, the environment before the file.",
                        "",
                        "Exit codes: 0 stopped as asked, 1 failed, 2 wrong usage or settings, 3 port or data dir not",
                        "available, 4 another server has taken the data dir, 70 Spark died again and again, 130 stopped",
                        "at once by a second signal.");
    }

    private static int wrongUsage(CommandLine.ParameterException e, String[] arguments) {
        CommandLine wrong = e.getCommandLine();
        String meant = suggestion(e).map(name -> "; did you mean " + name + "?").orElse("");
        wrong.getErr()
                .println("tinderbox: " + problem(e) + (meant.isEmpty() ? "; " : meant + " ")
                        + wrong.getCommandSpec().qualifiedName() + " --help shows what there is");
        return ExitCode.USAGE;
    }

    private static String problem(CommandLine.ParameterException e) {
        if (!(e instanceof CommandLine.UnmatchedArgumentException unmatched)) {
            return e.getMessage();
        }
        String typed = typed(unmatched);
        if (typed.startsWith("-")) {
            return "there is no option " + typed;
        }
        return e.getCommandLine().getCommandSpec().subcommands().isEmpty()
                ? "\"" + typed + "\" is one argument too many"
                : "there is no command \"" + typed + "\"";
    }

    /** The first argument that nothing takes; a value that follows an unknown option is unmatched as well. */
    private static String typed(CommandLine.UnmatchedArgumentException unmatched) {
        return unmatched.getUnmatched().get(0).replaceFirst("=.*", "");
    }

    private static Optional<String> suggestion(CommandLine.ParameterException e) {
        if (!(e instanceof CommandLine.UnmatchedArgumentException unmatched)) {
            return Optional.empty();
        }
        String typed = typed(unmatched);
        CommandSpec command = e.getCommandLine().getCommandSpec();
        // Every option of one letter is like every other, so it is no suggestion.
        return Suggestion.of(
                typed,
                typed.startsWith("-")
                        ? command.optionsMap().keySet().stream()
                                .filter(name -> name.startsWith("--"))
                                .toList()
                        : command.subcommands().keySet());
    }

    private static int execute(ParseResult parsed) {
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        ParseResult innermost = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
        if (innermost != parsed && !parsed.matchedOptions().isEmpty()) {
            throw new CommandLine.ParameterException(
                    parsed.commandSpec().commandLine(), "give the options after the command, not before it");
        }
        Main main = new Main(innermost.commandSpec());
        return switch (innermost.commandSpec().name()) {
            case "backup" -> main.backup(innermost);
            case "warm" -> main.warm(innermost);
            case "token" -> TokenCommand.run(innermost);
            case "audit" -> AuditCommand.run(innermost);
            default -> main.serve(innermost);
        };
    }

    private int warm(ParseResult parsed) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Path chosen = parsed.matchedPositionalValue(0, null);
        try {
            Path jar = CdsArchive.runningJar();
            CdsArchive cdsArchive = chosen == null ? CdsArchive.beside(jar) : CdsArchive.in(chosen, jar);
            Optional<Path> found = cdsArchive.find();
            if (found.isEmpty()) {
                out.println("Preparing a faster start; this takes a while, once for this JAR and this JDK…");
                out.flush();
            }
            Path file = found.isPresent() ? found.get() : CdsTrainer.run(cdsArchive);
            cdsArchive.deleteStale();
            out.println("The archive is " + file + ". A JAR cannot carry the options that use it, so start with");
            out.println("  java '" + String.join("' '", CdsArchive.usingOptions(file)) + "' -jar " + jar);
            out.println("With another JAR or JDK that starts as it does without one.");
            out.flush();
            return ExitCode.OK;
        } catch (AccessDeniedException e) {
            err.println("tinderbox: " + e.getFile() + " cannot be written; name a file elsewhere: "
                    + LaunchCommand.text() + " warm FILE");
            return ExitCode.UNAVAILABLE;
        } catch (NoSuchFileException e) {
            err.println("tinderbox: the folder of " + chosen + " is not there; make it, or choose another file");
            return ExitCode.UNAVAILABLE;
        } catch (IOException e) {
            err.println("tinderbox: the archive could not be made: " + e.getMessage());
            return ExitCode.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    private int backup(ParseResult parsed) {
        PrintWriter err = spec.commandLine().getErr();
        Path file = parsed.matchedPositionalValue(0, Path.of("")).toAbsolutePath();
        try {
            Config config = SettingOptions.loader(parsed).load();
            Backup.Copy copy = Backup.write(config.dataDir(), file);
            PrintWriter out = spec.commandLine().getOut();
            out.println("Copied " + copy.jobs() + " jobs of " + config.dataDir() + " to " + file);
            copy.leftOut().forEach(what -> out.println("Left out " + what));
            out.flush();
            copy.missing().forEach(what -> err.println("tinderbox: the copy lacks " + what + "; make another"));
            return copy.missing().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
        } catch (ConfigException e) {
            e.problems().forEach(problem -> err.println("tinderbox: " + problem));
            return ExitCode.USAGE;
        } catch (NotDirectoryException e) {
            err.println("tinderbox: " + e.getFile() + " is no data dir; name the right one with --data-dir");
            return ExitCode.UNAVAILABLE;
        } catch (FileAlreadyExistsException e) {
            err.println("tinderbox: " + e.getFile() + " is there already; choose another file, or remove it");
            return ExitCode.FAILED;
        } catch (NoSuchFileException e) {
            err.println("tinderbox: there is no folder " + file.getParent() + "; make it, or choose another file");
            return ExitCode.FAILED;
        } catch (AccessDeniedException e) {
            err.println("tinderbox: no copy was made: " + e.getFile()
                    + " may not be read or written by this user; run this as the owner of the data dir");
            return ExitCode.FAILED;
        } catch (FileSystemException e) {
            err.println("tinderbox: no copy was made: " + e.getMessage()
                    + "; choose another file, or mend the data dir, and try again");
            return ExitCode.FAILED;
        } catch (IOException e) {
            err.println("tinderbox: the copy could not be written (" + FileErrors.describe(e)
                    + "); is there room, and may you write there?");
            return ExitCode.FAILED;
        }
    }

    private int serve(ParseResult parsed) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        ConfigLoader loader = SettingOptions.loader(parsed);
        try {
            Config config = loader.load();
            if (parsed.hasMatchedOption(PRINT_CONFIG)) {
                loader.describe().forEach(out::println);
                out.flush();
                return ExitCode.OK;
            }
            Optional<String> tooSmall = Preflight.tooSmall(Runtime.getRuntime().maxMemory());
            if (tooSmall.isPresent()) {
                throw new ConfigException(List.of(tooSmall.get()));
            }
            DataDir.requireUsable(config.dataDir());
            BindPolicy.check(config);
            return serveWithRoom(config, out);
        } catch (ConfigException e) {
            e.problems().forEach(problem -> err.println("tinderbox: " + problem));
            return ExitCode.USAGE;
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

    /** Whatever part of a start finds the disk full, it is the same to the operator. */
    private static int serveWithRoom(Config config, PrintWriter out) throws Exception {
        try {
            return serve(config, out);
        } catch (IOException e) {
            throw FileErrors.isFull(e) && !(e instanceof DataDir.UnavailableException)
                    ? DataDir.unusable(config.dataDir(), e)
                    : e;
        }
    }

    private static int serve(Config config, PrintWriter out) throws Exception {
        LOGGING.join(LOGGING_WITHIN.toMillis());
        // Before anything makes a temporary file.
        TempFolder temporary = TempFolder.use(config.dataDir());
        Server server;
        try {
            server = Server.start(config, JobTypes.builtIn(), Clock.systemUTC());
        } catch (Exception | Error e) {
            temporary.close();
            throw e;
        }
        temporary.removeOthers();
        server.warmUp();
        StopSignals.onFirst(config.grace().plus(STOP_WITHIN), () -> {
            server.stop();
            temporary.close();
        });
        out.println("Tinderbox is at " + server.url());
        out.println("Try: curl -X POST " + server.url() + "api/v1/jobs");
        out.flush();
        int code = server.awaitFailure();
        if (code != ExitCode.DATA_DIR_TAKEN) {
            // Else the data dir is no longer ours to tidy up.
            server.close();
            temporary.close();
        }
        Runtime.getRuntime().halt(code);
        return code;
    }
}
