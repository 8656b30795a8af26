package tinderbox.jobtype;

import java.util.List;
import java.util.Map;

/**
 * A kind of job: the extension point. A new one is a class and a line in {@link JobTypes}. The form, the checks and the
 * API are derived from it.
 *
 * @param <P> the parsed parameters
 */
public interface JobType<P> {
    /** The name in the API: lower-case words joined by hyphens. */
    String name();

    /** The name that people see. */
    String title();

    /** One or two sentences that help users choose. */
    String description();

    /** The parameters, in the order of the form. */
    List<ParamSpec<?>> params();

    /**
     * Returns the typed value that {@link #run} receives. Each parameter has been checked against its spec.
     *
     * @throws tinderbox.job.JobException with all problems at once, if parameters contradict each other
     */
    P parse(Params params);

    /** How the page shows the result. */
    default ResultDisplay resultDisplay() {
        return ResultDisplay.PLAIN;
    }

    /**
     * Runs an attempt on its own thread, which is interrupted when the job is cancelled. Rows are written to {@link
     * JobContext#result}; if it is never called, the result has no rows and no columns.
     *
     * @return the summary: values are String, Long, Double, Boolean, List or Map
     * @throws Exception if the attempt fails; a {@link tinderbox.job.JobException} has a message for users
     */
    Map<String, Object> run(P params, JobContext context) throws Exception;
}
