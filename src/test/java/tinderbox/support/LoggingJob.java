package tinderbox.support;

import java.util.List;
import java.util.Map;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;

/** A job that fills its log, with a pause of a millisecond after every {@code pause_every} lines. */
public final class LoggingJob implements JobType<LoggingJob.Request> {
    private static final ParamSpec<Long> LINES = ParamSpec.integer("lines", 0, 10_000_000);
    private static final ParamSpec<Long> LENGTH =
            ParamSpec.integer("length", 0, 8000).defaultsTo(20L);
    private static final ParamSpec<Long> PAUSE_EVERY =
            ParamSpec.integer("pause_every", 0, 10_000_000).defaultsTo(0L);

    public record Request(long lines, int length, long pauseEvery) {}

    @Override
    public String name() {
        return "logging";
    }

    @Override
    public String title() {
        return "Logging";
    }

    @Override
    public String description() {
        return "Fills its log.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of(LINES, LENGTH, PAUSE_EVERY);
    }

    @Override
    public Request parse(Params params) {
        return new Request(params.get(LINES), Math.toIntExact(params.get(LENGTH)), params.get(PAUSE_EVERY));
    }

    @Override
    public Map<String, Object> run(Request request, JobContext context) throws Exception {
        String rest = "x".repeat(request.length());
        for (long line = 0; line < request.lines(); line++) {
            context.log().info("line " + line + " " + rest);
            context.throwIfCancelled();
            if (request.pauseEvery() > 0 && line % request.pauseEvery() == 0) {
                Thread.sleep(1);
            }
        }
        return Map.of("lines", request.lines());
    }
}
