package tinderbox.support;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;

/** A job that runs code of the test that submits it. */
public final class LambdaJob implements JobType<LambdaJob.Body> {
    private static final ParamSpec<String> KEY = ParamSpec.string("key");

    private static final Map<String, Body> BODIES = new ConcurrentHashMap<>();

    /** What {@code run} does; returns the summary. */
    public interface Body {
        Map<String, Object> run(JobContext context) throws Exception;
    }

    /** Submits a job that runs this code, and returns its id. */
    public static String submit(ApiClient apiClient, Body body) {
        String key = UUID.randomUUID().toString();
        BODIES.put(key, body);
        return apiClient.submit("lambda", Map.of("key", key));
    }

    /** Runs this code as a job, and returns the ended job. */
    public static Map<String, Object> run(ApiClient apiClient, Body body) {
        return apiClient.awaitEnd(submit(apiClient, body));
    }

    @Override
    public String name() {
        return "lambda";
    }

    @Override
    public String title() {
        return "Lambda";
    }

    @Override
    public String description() {
        return "Runs code of a test.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of(KEY);
    }

    @Override
    public Body parse(Params params) {
        return BODIES.get(params.get(KEY));
    }

    @Override
    public Map<String, Object> run(Body body, JobContext context) throws Exception {
        return body.run(context);
    }
}
