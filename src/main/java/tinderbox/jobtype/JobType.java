package tinderbox.jobtype;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tinderbox.dataset.Datasets;

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
     * Returns the typed value that the other methods receive. Each parameter has been checked against its spec. It is
     * called once when a job is submitted, and once for each attempt; it depends on nothing but the parameters.
     *
     * @throws tinderbox.job.JobException with all problems at once, if parameters contradict each other; {@code
     *     server_busy} if there is no room for it now: a submission is refused, an attempt tries again
     */
    P parse(Params params);

    /**
     * The datasets that the job reads, at most 100; a dataset may be named more than once. They are checked when the job is
     * submitted, and cannot be replaced or deleted before it has ended. By default: the values of all dataset parameters.
     * Called once, when a job is submitted.
     *
     * @param datasets for types that look their inputs up
     * @throws tinderbox.job.JobException with all problems at once
     */
    default List<JobInput> inputs(Params params, P request, Datasets datasets) {
        return params().stream().flatMap(spec -> spec.inputs(params)).toList();
    }

    /**
     * The name of a job that is submitted without one. Only the first 200 characters are used, in one line. By default:
     * the type and the first input.
     */
    default String label(Params params, P request, List<JobInput> inputs) {
        return inputs.stream()
                .findFirst()
                .map(input -> name() + " " + input.path())
                .orElseGet(this::name);
    }

    /**
     * What a search finds the job by, besides its name and id. Only the first 500 characters are used. By default: the
     * inputs.
     */
    default String searchText(Params params, P request, List<JobInput> inputs) {
        return inputs.stream().map(JobInput::path).collect(Collectors.joining("\n"));
    }

    /** How the page shows the result. */
    default ResultDisplay resultDisplay() {
        return ResultDisplay.PLAIN;
    }

    /**
     * Runs an attempt on its own thread, which is interrupted when the job is cancelled. Rows are written to {@link
     * JobContext#result}; if it is never called, the result has no rows and no columns.
     *
     * @return the summary: values are String, Long, Double, Boolean, List or Map; at most 1 MiB as JSON
     * @throws Exception if the attempt fails; a {@link tinderbox.job.JobException} has a message for users
     */
    Map<String, Object> run(P request, JobContext context) throws Exception;
}
