package tinderbox.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;
import tinderbox.client.JobType;
import tinderbox.client.Problems;
import tinderbox.common.LaunchCommand;

/** The commands that are clients of a server. */
final class ClientCommands {
    private static final List<ClientCommand> ALL = List.of(
            new RunCommand(),
            new SubmitCommand(),
            new StatusCommand(),
            new WaitCommand(),
            new ResultCommand(),
            new LogCommand(),
            new ListCommand(),
            new EditCommand(),
            new CancelCommand(),
            new RerunCommand(),
            new DeleteCommand(),
            new UploadCommand(),
            new OpenCommand(),
            new CompletionCommand());

    private ClientCommands() {}

    /** Adds all of them to the root. */
    static void addTo(CommandSpec root) {
        for (ClientCommand command : ALL) {
            CommandSpec spec = CommandSpec.create().name(command.name());
            CommandHelp.addTo(spec);
            command.describe(spec);
            root.addSubcommand(command.name(), spec);
        }
    }

    /** The command with this name. */
    static Optional<ClientCommand> find(String name) {
        return ALL.stream().filter(command -> command.name().equals(name)).findFirst();
    }

    /** Runs a command, or prints the help of the job type that it names, and returns the exit code. */
    static int run(ClientCommand command, ParseResult parsed) {
        ClientSession session = new ClientSession(parsed, System.getenv());
        try {
            int code = parsed.isUsageHelpRequested() ? help(command, session) : command.run(parsed, session);
            return session.out().checkError() ? ExitCode.BROKEN_PIPE : code;
        } catch (ClientException e) {
            if (session.out().checkError()) {
                return ExitCode.BROKEN_PIPE;
            }
            return report(e, Problems.lines(e), session.err());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED;
        }
    }

    /** Prints what the options of a type are. */
    private static int help(ClientCommand command, ClientSession session) throws ClientException, InterruptedException {
        List<String> words = session.parsed().matchedPositionalValue(0, List.of());
        JobType type = JobType.find(words.get(0), command.types(session));
        session.out()
                .println("Usage: " + LaunchCommand.text() + " " + command.name() + " " + type.name() + " [OPTIONS]");
        type.help().forEach(session.out()::println);
        session.out().println("The other options: " + LaunchCommand.text() + " " + command.name() + " --help");
        return ExitCode.OK;
    }

    /** Whether the help of a job type is asked for. */
    static boolean isTypeHelp(ParseResult parsed) {
        return parsed.isUsageHelpRequested()
                && parsed.hasMatchedPositional(0)
                && parsed.commandSpec().parser().unmatchedOptionsArePositionalParams();
    }

    /** Prints what went wrong, a line for each problem, and returns the exit code. */
    static int report(ClientException e, List<String> problems, PrintWriter err) {
        problems.forEach(problem -> err.println("tinderbox: " + problem));
        return switch (e.reason()) {
            case FAILED -> ExitCode.FAILED;
            case WRONG -> ExitCode.USAGE;
            case UNAVAILABLE -> ExitCode.UNAVAILABLE;
            case REFUSED -> ExitCode.REFUSED;
            case NOT_FOUND -> ExitCode.NOT_FOUND;
            case TIMED_OUT -> ExitCode.TIMED_OUT;
        };
    }
}
