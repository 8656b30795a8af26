package tinderbox.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * What a command printed, and the exit code it chose.
 *
 * @param code the exit code, from 0
 * @param out all of standard output
 * @param err all of standard error
 */
record CliRun(int code, String out, String err) {
    /** Runs a command inside this JVM. Not for {@code serve} with valid settings, which would start a server. */
    static CliRun of(String... arguments) {
        CommandLine commandLine = RootCommand.commandLine();
        var out = new StringWriter();
        var err = new StringWriter();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        int code = commandLine.execute(arguments);
        return new CliRun(code, out.toString(), err.toString());
    }
}
