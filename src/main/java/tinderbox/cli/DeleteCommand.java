package tinderbox.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;
import tinderbox.client.TinderboxClient;

/** {@code tinderbox delete JOB…}: deletes ended jobs. */
final class DeleteCommand implements ClientCommand {
    @Override
    public String name() {
        return "delete";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage().description("Delete ended jobs with their logs and results.");
        spec.addPositional(ClientSession.jobs());
        ClientSession.addServerOptions(spec);
    }

    @Override
    public int run(ParseResult parsed, ClientSession session) throws ClientException, InterruptedException {
        TinderboxClient client = session.client();
        for (String id : session.ids()) {
            client.delete("api/v1/jobs/" + id);
        }
        return ExitCode.OK;
    }
}
