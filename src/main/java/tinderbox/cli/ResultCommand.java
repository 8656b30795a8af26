package tinderbox.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;
import tinderbox.client.TinderboxClient;

/** {@code tinderbox result JOB}: prints the rows of a result. */
final class ResultCommand implements ClientCommand {
    @Override
    public String name() {
        return "result";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Print the result of a job that has succeeded, or those of a run set, or write it to a file.");
        spec.addPositional(ClientSession.job());
        ResultOutput.addOptions(spec);
        ClientSession.addServerOptions(spec);
    }

    @Override
    public int run(ParseResult parsed, ClientSession session) throws ClientException, InterruptedException {
        ResultOutput output = new ResultOutput(session);
        TinderboxClient client = session.client();
        String id = session.id();
        if (session.isRunSet(client, id)) {
            output.checkRunSet();
            output.printRunSet(client, id);
        } else {
            output.print(client, id);
        }
        return ExitCode.OK;
    }
}
