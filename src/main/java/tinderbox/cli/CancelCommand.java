package tinderbox.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;
import tinderbox.client.TinderboxClient;

/** {@code tinderbox cancel JOB…}: cancels jobs. */
final class CancelCommand implements ClientCommand {
    @Override
    public String name() {
        return "cancel";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description(
                        "Cancel jobs. A waiting job is cancelled at once, a running one when its tasks have stopped;"
                                + " wait waits for that.");
        spec.addPositional(ClientSession.jobs());
        ClientSession.addJson(spec);
        ClientSession.addServerOptions(spec);
    }

    @Override
    public int run(ParseResult parsed, ClientSession session) throws ClientException, InterruptedException {
        TinderboxClient client = session.client();
        for (String id : session.ids()) {
            TinderboxClient.Reply reply = client.post("api/v1/jobs/" + id + "/cancel", null);
            session.out()
                    .println(
                            session.json()
                                    ? reply.text()
                                    : id + " " + reply.object().required("status"));
        }
        return ExitCode.OK;
    }
}
