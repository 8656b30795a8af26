package tinderbox.support;

import java.util.List;
import java.util.Map;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;

/** A job that does nothing: what is left is what the server does for every job. */
public final class IdleJob implements JobType<Params> {
    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String title() {
        return "Idle";
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
