package tinderbox.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;
import tinderbox.client.JsonObject;
import tinderbox.client.Problems;
import tinderbox.client.RunSetFollower;
import tinderbox.client.Terminal;
import tinderbox.client.TinderboxClient;

/** {@code tinderbox status JOB…}: prints what the server knows of jobs. */
final class StatusCommand implements ClientCommand {
    @Override
    public String name() {
        return "status";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage().description("Print the status of jobs.");
        spec.addPositional(ClientSession.jobs());
        ClientSession.addJson(spec);
        ClientSession.addServerOptions(spec);
    }

    @Override
    public int run(ParseResult parsed, ClientSession session) throws ClientException, InterruptedException {
        TinderboxClient client = session.client();
        String between = "";
        for (String id : session.ids()) {
            boolean isRunSet = session.isRunSet(client, id);
            TinderboxClient.Reply reply = client.get(isRunSet ? RunSetFollower.path(id) : "api/v1/jobs/" + id);
            if (session.json()) {
                session.out().println(reply.text());
            } else {
                session.out().print(between);
                if (isRunSet) {
                    printRunSet(reply.object(), session.out());
                } else {
                    print(reply.object(), session.out());
                }
                between = System.lineSeparator();
            }
        }
        return ExitCode.OK;
    }

    /** Prints what a person wants to know of a job, a line each. */
    static void print(JsonObject job, PrintWriter out) throws ClientException {
        line("job", job.required("job_id"), out);
        line("name", job.shown("name"), out);
        line("type", job.shown("type"), out);
        line("status", status(job), out);
        line("submitted", job.shown("submitted_at") + " by " + job.shown("submitted_by"), out);
        if (job.has("started_at")) {
            line("started", job.shown("started_at"), out);
        }
        if (job.has("finished_at")) {
            line("finished", job.shown("finished_at"), out);
        }
        if (job.has("duration_ms")) {
            line("ran", seconds(job.number("duration_ms")), out);
        }
        List<String> labels = new ArrayList<>();
        job.object("labels").members().forEach((key, value) -> labels.add(key + ":" + value));
        if (!labels.isEmpty()) {
            line("labels", String.join(", ", labels), out);
        }
        if (job.has("note")) {
            line("note", job.shown("note").replace('\n', ' '), out);
        }
        if (job.has("error")) {
            line("error", Problems.ofJob(job.object("error"), Map.of()).get(0), out);
        }
        job.texts("warnings").forEach(warning -> line("warning", warning, out));
    }

    private static void printRunSet(JsonObject set, PrintWriter out) throws ClientException {
        line("run set", set.required("run_set_id"), out);
        line("name", set.shown("name"), out);
        line("type", set.shown("type"), out);
        line("jobs", counts(set), out);
        line("submitted", set.shown("submitted_at") + " by " + set.shown("submitted_by"), out);
    }

    /** How many jobs of a run set have each status. */
    static String counts(JsonObject set) {
        List<String> counts = new ArrayList<>();
        set.object("counts").members().forEach((status, count) -> {
            if (count instanceof Number number && number.longValue() > 0) {
                counts.add(count + " " + status);
            }
        });
        if (set.number("gone") > 0) {
            counts.add(set.number("gone") + " GONE");
        }
        return Terminal.safe(String.join(", ", counts));
    }

    private static String status(JsonObject job) {
        long position = job.number("queue_position");
        return job.shown("status") + (position > 0 ? ", number " + position + " in the queue" : "");
    }

    /** A time in seconds, with one digit after the point. */
    static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }

    private static void line(String name, String value, PrintWriter out) {
        out.println(String.format("%-10s %s", name, Terminal.safe(value)));
    }
}
