package tinderbox.cli;

import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import tinderbox.ExitCode;
import tinderbox.config.ConfigException;

/** Reports a command line or settings that cannot be used, one line for each problem. */
final class UsageErrors {
    private UsageErrors() {}

    /** Reports arguments that no command takes, and returns the exit code. */
    static int report(CommandLine.ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        String suggestion =
                suggestion(e).map(name -> "; did you mean " + name + "? See ").orElse("; see ");
        command.getErr()
                .println("tinderbox: " + problem(e) + suggestion
                        + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    /** Reports every problem of the settings, and returns the exit code. */
    static int report(ConfigException e, PrintWriter err) {
        e.problems().forEach(problem -> err.println("tinderbox: " + problem));
        return ExitCode.USAGE;
    }

    private static String problem(CommandLine.ParameterException e) {
        if (!(e instanceof CommandLine.UnmatchedArgumentException unmatched)) {
            return e.getMessage();
        }
        String argument = firstUnmatched(unmatched);
        if (argument.startsWith("-")) {
            return "unknown option " + argument;
        }
        return e.getCommandLine().getCommandSpec().subcommands().isEmpty()
                ? "unexpected argument \"" + argument + "\""
                : "unknown command \"" + argument + "\"";
    }

    /** Only the first is a separate error: a value that follows an unknown option is unmatched as well. */
    private static String firstUnmatched(CommandLine.UnmatchedArgumentException unmatched) {
        return unmatched.getUnmatched().get(0).replaceFirst("=.*", "");
    }

    private static Optional<String> suggestion(CommandLine.ParameterException e) {
        if (!(e instanceof CommandLine.UnmatchedArgumentException unmatched)) {
            return Optional.empty();
        }
        String argument = firstUnmatched(unmatched);
        CommandSpec command = e.getCommandLine().getCommandSpec();
        // Options of one letter are left out: each is like every other.
        return Suggestion.of(
                argument,
                argument.startsWith("-")
                        ? command.optionsMap().keySet().stream()
                                .filter(name -> name.startsWith("--"))
                                .toList()
                        : command.subcommands().keySet());
    }
}
