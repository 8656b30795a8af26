package tinderbox.cli;

import java.util.Optional;
import tinderbox.ExitCode;

/** The entry point of the JAR. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Optional<String> unreadable = Preflight.unreadable(System.getProperty("java.class.path"));
        if (unreadable.isPresent()) {
            System.err.println("tinderbox: " + unreadable.get());
            System.exit(ExitCode.USAGE);
        }
        LoggingStartup.begin();
        System.exit(RootCommand.commandLine().execute(arguments));
    }
}
