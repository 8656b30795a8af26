package tinderbox.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;
import tinderbox.client.JsonObject;
import tinderbox.client.Table;
import tinderbox.client.TinderboxClient;

/** {@code tinderbox list}: lists jobs, newest first. */
final class ListCommand implements ClientCommand {
    private static final String STATUS = "--status";
    private static final String TYPE = "--type";
    private static final String BY = "--by";
    private static final String SEARCH = "--search";
    private static final String LABEL = "--label";
    private static final String LIMIT = "--limit";
    private static final int MAX_LIMIT = 500;
    private static final int DEFAULT_LIMIT = 20;

    @Override
    public String name() {
        return "list";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage().description("List jobs, newest first.");
        spec.addOption(ClientSession.texts(STATUS, "STATUS", "Only jobs with this status."));
        spec.addOption(ClientSession.text(TYPE, "TYPE", "Only jobs of this type."));
        spec.addOption(ClientSession.text(BY, "NAME", "Only jobs that this user submitted."));
        spec.addOption(
                ClientSession.text(SEARCH, "TEXT", "Only jobs whose name, id, input, note or cause has this text."));
        spec.addOption(ClientSession.texts(LABEL, "KEY[:VALUE]", "Only jobs with this label."));
        spec.addOption(ClientSession.text(LIMIT, "N", "At most N jobs, 1 to 500. Default: 20."));
        ClientSession.addJson(spec);
        ClientSession.addServerOptions(spec);
    }

    @Override
    public int run(ParseResult parsed, ClientSession session) throws ClientException, InterruptedException {
        StringBuilder query = new StringBuilder("limit=" + session.number(LIMIT, 1, MAX_LIMIT, DEFAULT_LIMIT));
        add("status", parsed.matchedOptionValue(STATUS, List.of()), query);
        add("label", parsed.matchedOptionValue(LABEL, List.of()), query);
        add("type", one(parsed, TYPE), query);
        add("submitted_by", one(parsed, BY), query);
        add("q", one(parsed, SEARCH), query);
        TinderboxClient.Reply reply = session.client().get("api/v1/jobs?" + query);
        if (session.json()) {
            session.out().println(reply.text());
            return ExitCode.OK;
        }
        JsonObject page = reply.object();
        List<List<String>> rows = new ArrayList<>();
        for (JsonObject job : page.requiredObjects("jobs")) {
            rows.add(List.of(
                    job.shown("job_id"),
                    job.shown("status"),
                    job.shown("submitted_at").replaceFirst("\\.\\d+Z$", "Z"),
                    job.has("duration_ms") ? StatusCommand.seconds(job.number("duration_ms")) : "",
                    job.shown("name")));
        }
        new Table(List.of("job", "status", "submitted", "ran", "name")).print(rows, session.out());
        if (rows.size() < page.number("total")) {
            session.err()
                    .println("tinderbox: these are " + rows.size() + " of " + page.number("total") + " jobs; " + LIMIT
                            + " N lists more");
        }
        return ExitCode.OK;
    }

    private static List<String> one(ParseResult parsed, String option) {
        String value = parsed.matchedOptionValue(option, null);
        return value == null ? List.of() : List.of(value);
    }

    private static void add(String parameter, List<String> values, StringBuilder query) {
        values.forEach(value -> query.append('&').append(parameter).append('=').append(TinderboxClient.encoded(value)));
    }
}
