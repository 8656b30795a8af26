package tinderbox.cli;

import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import tinderbox.ExitCode;
import tinderbox.client.ClientException;
import tinderbox.client.EditedText;
import tinderbox.client.JobFollower;
import tinderbox.client.JsonObject;
import tinderbox.client.Problems;
import tinderbox.client.ProgressLine;
import tinderbox.client.RunSetFollower;
import tinderbox.client.Terminal;
import tinderbox.client.TinderboxClient;

/** {@code tinderbox wait JOB…}: waits until jobs have ended. */
final class WaitCommand implements ClientCommand {
    private static final String TIMEOUT = "--timeout";

    @Override
    public String name() {
        return "wait";
    }

    @Override
    public void describe(CommandSpec spec) {
        spec.usageMessage()
                .description("Wait until jobs have ended. Exits with 0 if all of them have succeeded, with 1 if one has"
                        + " failed, with 7 if one was cancelled, and with 124 after --timeout. Ctrl-C ends only the"
                        + " waiting.");
        spec.addPositional(ClientSession.jobs());
        spec.addOption(ClientSession.text(TIMEOUT, "SECONDS", "How long to wait for all. Default: until they end."));
        ClientSession.addJson(spec);
        ClientSession.addServerOptions(spec);
    }

    @Override
    public int run(ParseResult parsed, ClientSession session) throws ClientException, InterruptedException {
        TinderboxClient client = session.client();
        Duration limit = Duration.ofSeconds(
                session.number(TIMEOUT, 0, JobFollower.NO_LIMIT.toSeconds(), JobFollower.NO_LIMIT.toSeconds()));
        long deadline = System.nanoTime() + limit.toNanos();
        int code = ExitCode.OK;
        for (String id : session.ids()) {
            if (session.isRunSet(client, id)) {
                int ended =
                        waitForRunSet(client, id, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())), session);
                code = code == ExitCode.OK ? ended : code;
                continue;
            }
            JsonObject job;
            try (ProgressLine line = new ProgressLine(session.err(), Terminal.columnsOfStandardError(), "waiting")) {
                Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
                job = new JobFollower(client, id, line::show).toEnd(left);
            }
            if (session.json()) {
                session.out().println(client.get("api/v1/jobs/" + id).text());
                session.out().flush();
            }
            int ended = report(job, Map.of(), session);
            code = code == ExitCode.OK ? ended : code;
        }
        return code;
    }

    private static int waitForRunSet(TinderboxClient client, String id, Duration limit, ClientSession session)
            throws ClientException, InterruptedException {
        RunSetFollower follower = new RunSetFollower(client, id);
        JsonObject set;
        try (ProgressLine line = new ProgressLine(session.err(), Terminal.columnsOfStandardError(), "waiting")) {
            set = follower.toEnd(limit, line::show);
        }
        if (session.json()) {
            session.out().println(client.get(RunSetFollower.path(id)).text());
            session.out().flush();
        }
        return report(set, follower, session);
    }

    /** Says which jobs of a run set have not succeeded, and returns the exit code for it. */
    static int report(JsonObject set, RunSetFollower follower, ClientSession session)
            throws ClientException, InterruptedException {
        long failed = set.object("counts").number("FAILED");
        long cancelled = set.object("counts").number("CANCELLED");
        long gone = set.number("gone");
        if (failed > 0) {
            follower.failures().forEach(line -> session.err().println("tinderbox: " + line));
        }
        if (gone > 0) {
            session.err().println("tinderbox: jobs of the run set that were deleted: " + gone);
        }
        if (cancelled > 0) {
            session.err().println("tinderbox: jobs of the run set that were cancelled: " + cancelled);
        }
        return failed + gone > 0 ? ExitCode.FAILED : cancelled > 0 ? ExitCode.CANCELLED : ExitCode.OK;
    }

    /**
     * Says how a job has ended unless it has succeeded without a warning.
     *
     * @param texts those of its parameters that are texts
     * @return the exit code for it
     */
    static int report(JsonObject job, Map<String, EditedText> texts, ClientSession session) throws ClientException {
        job.texts("warnings")
                .forEach(warning -> session.err().println("tinderbox: warning: " + Terminal.safe(warning)));
        return switch (job.required("status")) {
            case "SUCCEEDED" -> ExitCode.OK;
            case "CANCELLED" -> {
                session.err().println("tinderbox: the job " + job.required("job_id") + " was cancelled");
                yield ExitCode.CANCELLED;
            }
            default -> {
                session.err().println("tinderbox: the job " + job.required("job_id") + " failed");
                Problems.ofJob(job.object("error"), texts)
                        .forEach(line -> session.err().println("tinderbox: " + line));
                yield ExitCode.FAILED;
            }
        };
    }
}
