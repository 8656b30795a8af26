package tinderbox.support;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;

/** A job that does what the test that submits it says. */
public final class ScriptedJob implements JobType<ScriptedJob.Script> {
    private static final ParamSpec<String> KEY = ParamSpec.string("key");

    private static final Map<String, Script> SCRIPTS = new ConcurrentHashMap<>();

    /** What {@code run} does; returns the summary. */
    public interface Script {
        Map<String, Object> run(JobContext context) throws Exception;
    }

    /** Submits a job that runs this script, and returns its id. */
    public static String submit(ApiClient apiClient, Script script) {
        String key = UUID.randomUUID().toString();
        SCRIPTS.put(key, script);
        return apiClient.submit("scripted", Map.of("key", key));
    }

    /** Runs this script as a job, and returns the ended job. */
    public static Map<String, Object> run(ApiClient apiClient, Script script) {
        return apiClient.awaitEnd(submit(apiClient, script));
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public String title() {
        return "Scripted";
    }

    @Override
    public String description() {
        return "Does what a test says.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of(KEY);
    }

    @Override
    public Script parse(Params params) {
        return SCRIPTS.get(params.get(KEY));
    }

    @Override
    public Map<String, Object> run(Script script, JobContext context) throws Exception {
        return script.run(context);
    }
}
