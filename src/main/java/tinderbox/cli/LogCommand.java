package tinderbox.cli;

import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;
import tinderbox.client.JobFollower;
import tinderbox.client.JsonObject;
import tinderbox.client.LogPrinter;
import tinderbox.client.TinderboxClient;

/** {@code tinderbox log JOB}: prints the log of a job. */
final class LogCommand implements ClientCommand {
    private static final String FOLLOW = "--follow";
    private static final String LEVEL = "--level";
    private static final String TAIL = "--tail";

    @Override
    public String name() {
        return "log";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Print the log of a job. With " + FOLLOW + ", go on until the job has ended; Ctrl-C ends"
                        + " only the printing.");
        spec.addPositional(ClientSession.job());
        spec.addOption(OptionSpec.builder("-f", FOLLOW)
                .type(boolean.class)
                .arity("0")
                .description("Print new lines as they come.")
                .build());
        spec.addOption(ClientSession.text(LEVEL, "LEVEL", "The least serious: debug, info, warn or error."));
        spec.addOption(ClientSession.text(TAIL, "N", "Only the last N lines."));
        ClientSession.addServerOptions(spec);
    }

    @Override
    public int run(ParseResult parsed, ClientSession session) throws ClientException, InterruptedException {
        TinderboxClient client = session.client();
        String level = parsed.matchedOptionValue(LEVEL, "debug");
        if (!LogPrinter.LEVELS.contains(level.toUpperCase(Locale.ROOT))) {
            throw session.usageError(LEVEL + " " + level + " must be debug, info, warn or error");
        }
        long tail = session.number(TAIL, 1, Integer.MAX_VALUE, 0);
        LogPrinter log = new LogPrinter(
                client, session.id(), level.toUpperCase(Locale.ROOT), -tail, session.out(), session.err());
        log.printAll();
        if (parsed.hasMatchedOption(FOLLOW)) {
            new JobFollower(client, session.id(), new Printing(log, session)).toEnd(JobFollower.NO_LIMIT);
        }
        return ExitCode.OK;
    }

    private record Printing(LogPrinter log, ClientSession session) implements JobFollower.Listener {
        @Override
        public void changed(JsonObject job) {
            // Only its log is printed.
        }

        @Override
        public void logged(JsonObject lines) throws ClientException, InterruptedException {
            log.print(lines);
            if (session.out().checkError()) {
                throw new ClientException(ClientException.Reason.FAILED, "the reader of the log has gone");
            }
        }
    }
}
