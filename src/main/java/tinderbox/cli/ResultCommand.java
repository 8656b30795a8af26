package tinderbox.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;

/** {@code tinderbox result JOB}: prints the rows of a result. */
final class ResultCommand implements ClientCommand {
    @Override
    public String name() {
        return "result";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage().description("Print the result of a job that has succeeded, or write it to a file.");
        spec.addPositional(ClientSession.job());
        ResultOutput.addOptions(spec);
        ClientSession.addServerOptions(spec);
    }

    @Override
    public int run(ParseResult parsed, ClientSession session) throws ClientException, InterruptedException {
        new ResultOutput(session).print(session.client(), session.id());
        return ExitCode.OK;
    }
}
