package tinderbox.cli;

import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.common.LaunchCommand;
import tinderbox.config.ConfigException;

/** The tree of commands. Without a command, {@code serve} runs. */
final class RootCommand {
    /** Characters in a line of help. */
    private static final int HELP_WIDTH = 100;

    /** Characters that an example may have after the launch command; the help is wide enough not to break any. */
    private static final int MAX_EXAMPLE_LENGTH = 70;

    private RootCommand() {}

    /** The command line with all commands, which writes to standard output and standard error. */
    static CommandLine commandLine() {
        CommandSpec root = CommandSpec.create().name(LaunchCommand.text());
        describe(root);
        ServeCommand.addOptions(root);
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

    private static void describe(CommandSpec root) {
        String command = LaunchCommand.text();
        // A percent sign starts a format specifier of picocli.
        String example = "  " + command.replace("%", "%%");
        root.usageMessage()
                .width(Math.max(HELP_WIDTH, command.length() + MAX_EXAMPLE_LENGTH))
                .abbreviateSynopsis(true)
                .description(
                        "A Spark job server in one JAR. Serves the page and the API until it is stopped.",
                        "",
                        "Examples:",
                        example + "   (serves on http://127.0.0.1:8080/)",
                        example + " --root lab=/data/lab   (jobs may read /data/lab as lab/…)",
                        example + " --port 9000 --max-running 2 --data-dir /srv/tinderbox",
                        example + " token create --name lab --role submitter",
                        example + " token --help");
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
