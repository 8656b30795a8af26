package tinderbox.support;

import java.util.List;
import java.util.Map;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;

/** A job that does nothing, to measure what the server does for every job. */
public final class NoOpJob implements JobType<Params> {
    @Override
    public String name() {
        return "no-op";
    }

    @Override
    public String title() {
        return "No-op";
    }

    @Override
    public String description() {
        return "Does nothing.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of();
    }

    @Override
    public Params parse(Params params) {
        return params;
    }

    @Override
    public Map<String, Object> run(Params params, JobContext context) {
        return Map.of();
    }
}
