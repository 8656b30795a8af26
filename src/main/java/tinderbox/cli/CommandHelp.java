package tinderbox.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What {@code --help} of each command looks like, so that it fits a screen. */
final class CommandHelp {
    /** Characters in a line: those of the smallest terminal. */
    static final int WIDTH = 80;

    private CommandHelp() {}

    /** Gives a command the option {@code --help}. */
    static void addTo(CommandSpec command) {
        command.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .type(boolean.class)
                .arity("0")
                .description("Show this help.")
                .build());
        command.usageMessage().width(WIDTH).abbreviateSynopsis(true).sortOptions(false);
    }
}
