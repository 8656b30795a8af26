package tinderbox.jobtype;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import tinderbox.dataset.Datasets;
import tinderbox.job.CheckedSubmission;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobCatalog;
import tinderbox.job.JobException;
import tinderbox.job.Visibility;
import tinderbox.job.dispatch.Attempt;
import tinderbox.jobtype.sql.Sql;
import tinderbox.jobtype.wordcount.Concordance;
import tinderbox.jobtype.wordcount.WordCount;

/** The job types of this server, by name. */
public final class JobTypes implements JobCatalog {
    private static final long BUSY_PAUSE_MILLIS = 100;

    private final Map<String, JobType<?>> types = new LinkedHashMap<>();
    private final Datasets datasets;
    private final Set<String> forAdmins;
    private final Function<String, Visibility> visibilities;

    /** Types for all who may submit jobs. */
    public JobTypes(Datasets datasets, List<JobType<?>> types) {
        this(datasets, types, Set.of(), submitter -> Visibility.ALL);
    }

    /**
     * As above.
     *
     * @param forAdmins the names of those types that only admins may run
     * @param visibilities what the jobs of a submitter may read when they run
     */
    public JobTypes(
            Datasets datasets,
            List<JobType<?>> types,
            Set<String> forAdmins,
            Function<String, Visibility> visibilities) {
        this.datasets = datasets;
        this.visibilities = visibilities;
        this.forAdmins = Set.copyOf(forAdmins);
        types.forEach(type -> this.types.put(type.name(), type));
    }

    /** All types that come with Tinderbox. */
    public static List<JobType<?>> builtIn() {
        return List.of(new WordCount(), new Concordance(), new Sql());
    }

    /** All types, in the order of the form. */
    public Collection<JobType<?>> all() {
        return types.values();
    }

    /** Whether only admins may run jobs of this type. */
    public boolean isForAdmins(String type) {
        return forAdmins.contains(type);
    }

    @Override
    public CheckedSubmission check(String type, Map<String, Object> params, Visibility visibility) {
        JobType<?> jobType = types.get(type);
        if (jobType == null) {
            throw SubmissionCheck.invalid(List.of(new FieldProblem(
                    "type", "must be one of " + String.join(", ", types.keySet()) + whyUnknown(type))));
        }
        return new SubmissionCheck<>(jobType, datasets.seenBy(visibility)).check(params);
    }

    /** A type that comes with Tinderbox is unknown only if the operator has left it out. */
    private static String whyUnknown(String type) {
        return type.equals(Sql.NAME) ? "; the operator has switched SQL off (--sql)" : "";
    }

    /** What an attempt uses; it reads only what its submitter sees. */
    public JobContext context(SparkSession spark, Attempt attempt, String submittedBy) {
        return new JobContext(spark, datasets.seenBy(visibilities.apply(submittedBy)), attempt);
    }

    /**
     * Runs an attempt. The parameters are parsed again, because an older server may have accepted them.
     */
    public Map<String, Object> run(String type, Map<String, Object> params, JobContext context) throws Exception {
        JobType<?> jobType = types.get(type);
        if (jobType == null) {
            throw new JobException(
                    ErrorCode.JOB_ERROR,
                    "This server no longer has the job type " + type,
                    "it has " + String.join(", ", types.keySet()) + whyUnknown(type));
        }
        return run(jobType, params, context);
    }

    private static <P> Map<String, Object> run(JobType<P> type, Map<String, Object> params, JobContext context)
            throws Exception {
        try {
            return type.run(parsed(type, new Params(params), context), context);
        } catch (Exception e) {
            throw context.explained(e);
        }
    }

    /** A job that was accepted does not fail because others are parsed at the moment. */
    private static <P> P parsed(JobType<P> type, Params params, JobContext context) throws InterruptedException {
        while (true) {
            try {
                return type.parse(params);
            } catch (JobException e) {
                if (e.code() != ErrorCode.SERVER_BUSY) {
                    throw e;
                }
                context.throwIfCancelled();
                Thread.sleep(BUSY_PAUSE_MILLIS);
            }
        }
    }
}
