package tinderbox.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;
import tinderbox.client.TinderboxClient;

/** {@code tinderbox edit JOB…}: changes the name, the note and the labels of jobs. */
final class EditCommand implements ClientCommand {
    private static final String NAME_OPTION = "--name";
    private static final String NOTE = "--note";
    private static final String UNLABEL = "--unlabel";

    @Override
    public String name() {
        return "edit";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Change the name, the note or the labels of jobs; what no option names stays as it is.");
        spec.addPositional(ClientSession.jobs());
        spec.addOption(ClientSession.text(
                NAME_OPTION, "TEXT", "Name of the job; an empty one restores that of its submission."));
        spec.addOption(ClientSession.text(NOTE, "TEXT", "Note about the job; an empty one removes it."));
        spec.addOption(ClientSession.texts(SubmitCommand.LABEL, "KEY:VALUE", "Label to set."));
        spec.addOption(ClientSession.texts(UNLABEL, "KEY", "Label to remove."));
        ClientSession.addJson(spec);
        ClientSession.addServerOptions(spec);
    }

    @Override
    public int run(ParseResult parsed, ClientSession session) throws ClientException, InterruptedException {
        Map<String, Object> patch = patch(parsed, session);
        TinderboxClient client = session.client();
        for (String id : session.ids()) {
            TinderboxClient.Reply reply = client.patch("api/v1/jobs/" + id, patch);
            if (session.json()) {
                session.out().println(reply.text());
            }
        }
        return ExitCode.OK;
    }

    private static Map<String, Object> patch(ParseResult parsed, ClientSession session) {
        Map<String, Object> patch = new LinkedHashMap<>();
        if (parsed.hasMatchedOption(NAME_OPTION)) {
            patch.put("name", parsed.matchedOptionValue(NAME_OPTION, ""));
        }
        if (parsed.hasMatchedOption(NOTE)) {
            patch.put("note", parsed.matchedOptionValue(NOTE, ""));
        }
        Map<String, String> labels = new LinkedHashMap<>(SubmitCommand.labels(session));
        parsed.<List<String>>matchedOptionValue(UNLABEL, List.of()).forEach(key -> labels.put(key, null));
        if (!labels.isEmpty()) {
            patch.put("labels", labels);
        }
        if (patch.isEmpty()) {
            throw session.usageError("there is nothing to change; give " + NAME_OPTION + ", " + NOTE + ", "
                    + SubmitCommand.LABEL + " or " + UNLABEL);
        }
        return patch;
    }
}
