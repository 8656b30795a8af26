package tinderbox.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.common.LaunchCommand;
import tinderbox.config.ConfigException;
import tinderbox.config.Setting;

/** The tree of commands. Without a command, {@code serve} runs. */
final class RootCommand {
    /** Characters that an example may have after the launch command; the help is wide enough not to break any. */
    private static final int MAX_EXAMPLE_LENGTH = 55;

    /** The few options that most servers need. */
    private static final Set<String> SHOWN = Set.of(
            ServeCommand.VERSION,
            Setting.HOST.flag(),
            Setting.PORT.flag(),
            Setting.DATA_DIR.flag(),
            Setting.MAX_RUNNING.flag());

    /** All commands: one line for each would be too many. */
    private static final String COMMANDS = """
              run                   runs one job here, without a server
              submit, status, wait, result, log, list, edit, cancel, rerun, delete, upload,
              open                  send jobs to a server, and work with them
              token, backup, audit  manage the data dir of a server
              master, worker        run a Spark cluster
              serve, warm, completion, help
            """;

    private RootCommand() {}

    /** The command line with all commands, which writes to standard output and standard error. */
    static CommandLine commandLine() {
        CommandSpec root = CommandSpec.create().name(LaunchCommand.text());
        ServeCommand.addOptions(root);
        describe(root);
        root.addSubcommand(ServeCommand.NAME, ServeCommand.spec());
        ClientCommands.addTo(root);
        root.addSubcommand(MasterCommand.NAME, MasterCommand.spec());
        root.addSubcommand(WorkerCommand.NAME, WorkerCommand.spec());
        root.addSubcommand("help", new CommandLine(new CommandLine.HelpCommand()));
        root.addSubcommand(BackupCommand.NAME, BackupCommand.spec());
        root.addSubcommand(WarmCommand.NAME, WarmCommand.spec());
        root.addSubcommand(TokenCommand.NAME, TokenCommand.spec());
        root.addSubcommand(AuditCommand.NAME, AuditCommand.spec());
        CommandLine commandLine = new CommandLine(root);
        // A word that begins with @ is for the command.
        commandLine.setExpandAtFiles(false);
        commandLine.setExecutionStrategy(RootCommand::execute);
        commandLine.setParameterExceptionHandler(UsageErrors::report);
        return commandLine;
    }

    /** Its help fits a screen: that of {@code serve} has all options, and that of a command what it does. */
    private static void describe(CommandSpec root) {
        String command = LaunchCommand.text();
        // A percent sign starts a format specifier of picocli.
        String example = "  " + command.replace("%", "%%");
        UsageMessageSpec usage = root.usageMessage();
        usage.width(Math.max(CommandHelp.WIDTH, command.length() + MAX_EXAMPLE_LENGTH))
                .description(
                        "A Spark job server in one JAR. Serves the page and the API until it is stopped.",
                        "",
                        example + "   (serves on http://127.0.0.1:8080/)",
                        example + " --root lab=/data/lab   (jobs may read it as lab/…)",
                        example + " run word-count book.txt   (one job, no server)")
                .optionListHeading("%nOptions (\"serve --help\" prints all of them):%n")
                .commandListHeading("%nCommands (\"COMMAND --help\" describes each):%n")
                .sectionKeys(List.of(
                        UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING,
                        UsageMessageSpec.SECTION_KEY_SYNOPSIS,
                        UsageMessageSpec.SECTION_KEY_DESCRIPTION,
                        UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
                        UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
                        UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING,
                        UsageMessageSpec.SECTION_KEY_OPTION_LIST));
        usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> COMMANDS);
        usage.sectionMap()
                .put(
                        UsageMessageSpec.SECTION_KEY_OPTION_LIST,
                        help -> help.optionListExcludingGroups(root.options().stream()
                                .filter(option -> SHOWN.contains(option.longestName()))
                                .toList()));
    }

    private static int execute(ParseResult root) {
        ParseResult command = root.hasSubcommand() ? root.subcommand() : root;
        Optional<ClientCommand> client =
                ClientCommands.find(command.commandSpec().name());
        Integer help = ClientCommands.isTypeHelp(command) ? null : CommandLine.executeHelpRequest(root);
        if (help != null) {
            return help;
        }
        if (command != root && !root.matchedOptions().isEmpty()) {
            throw new CommandLine.ParameterException(
                    root.commandSpec().commandLine(), "give the options after the command, not before it");
        }
        if (client.isPresent()) {
            return ClientCommands.run(client.get(), command);
        }
        try {
            return switch (command.commandSpec().name()) {
                case MasterCommand.NAME -> MasterCommand.run(command);
                case WorkerCommand.NAME -> WorkerCommand.run(command);
                case BackupCommand.NAME -> BackupCommand.run(command);
                case WarmCommand.NAME -> WarmCommand.run(command);
                case TokenCommand.NAME -> TokenCommand.run(command);
                case AuditCommand.NAME -> AuditCommand.run(command);
                default -> ServeCommand.run(command);
            };
        } catch (ConfigException e) {
            return UsageErrors.report(e, command.commandSpec().commandLine().getErr());
        }
    }
}
