package tinderbox.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;

/** {@code tinderbox completion}: prints a script that lets bash complete commands. */
final class CompletionCommand implements ClientCommand {
    /** The command that is completed. */
    private static final String COMMAND = "tinderbox";

    @Override
    public String name() {
        return "completion";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Print a script for bash that completes commands and options. Put this into",
                        "~/.bashrc: source <(tinderbox completion)");
    }

    @Override
    public int run(ParseResult parsed, ClientSession session) {
        session.out().print(AutoComplete.bash(COMMAND, RootCommand.commandLine()));
        return ExitCode.OK;
    }
}
