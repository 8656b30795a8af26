package tinderbox.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;
import tinderbox.client.RunSetFollower;
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
            boolean isRunSet = session.isRunSet(client, id);
            String path = isRunSet ? RunSetFollower.path(id) : "api/v1/jobs/" + id;
            TinderboxClient.Reply reply = client.post(path + "/cancel", null);
            session.out()
                    .println(
                            session.json()
                                    ? reply.text()
                                    : id + " "
                                            + (isRunSet
                                                    ? StatusCommand.counts(reply.object())
                                                    : reply.object().required("status")));
        }
        return ExitCode.OK;
    }
}
