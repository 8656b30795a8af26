package tinderbox.jobtype;

import java.util.List;
import java.util.Map;

/**
 * Something that can be run: the extension point. One class and one line in {@link JobTypes} make a new one;
 * the form, the checks and the API follow from it.
 *
 * @param <P> its parameters, parsed
 */
public interface JobType<P> {
    /** Its name on the wire: lower-case words joined by hyphens. */
    String name();

    /** What the form calls it. */
    String title();

    /** One or two sentences for whoever chooses it. */
    String description();

    /** Its parameters, in the order of the form. */
    List<ParamSpec<?>> params();

    /**
     * Makes the typed value that {@link #run} receives. Each parameter has been checked by its spec before.
     *
     * @throws tinderbox.job.JobException with every problem at once, where parameters do not fit each other
     */
    P parse(Params params);

    /**
     * Runs an attempt on its own thread, which is interrupted when the job is cancelled. Rows go to {@link
     * JobContext#result}; without a call to it the result has no rows and no columns.
     *
     * @return the summary: values are String, Long, Double, Boolean, List or Map
     * @throws Exception whatever goes wrong; a {@link tinderbox.job.JobException} says it in its own words
     */
    Map<String, Object> run(P params, JobContext context) throws Exception;
}
