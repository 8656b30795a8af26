package tinderbox.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;
import tinderbox.client.TinderboxClient;

/** {@code tinderbox rerun JOB…}: submits the same jobs again. */
final class RerunCommand implements ClientCommand {
    @Override
    public String name() {
        return "rerun";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Submit jobs again, with the same type, name, parameters and labels, and print the ids of"
                        + " the new jobs.");
        spec.addPositional(ClientSession.jobs());
        ClientSession.addJson(spec);
        ClientSession.addServerOptions(spec);
    }

    @Override
    public int run(ParseResult parsed, ClientSession session) throws ClientException, InterruptedException {
        TinderboxClient client = session.client();
        for (String id : session.ids()) {
            TinderboxClient.Reply reply = client.postOnce("api/v1/jobs/" + id + "/rerun", null);
            session.out().println(session.json() ? reply.text() : reply.object().required("job_id"));
        }
        return ExitCode.OK;
    }
}
