package tinderbox.jobtype;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;
import tinderbox.dataset.Datasets;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobCatalog;
import tinderbox.job.JobException;
import tinderbox.job.JobRequest;
import tinderbox.job.dispatch.JobRunner;
import tinderbox.jobtype.wordcount.WordCount;

/** The job types of this server, by name. */
public final class JobTypes implements JobCatalog {
    private final Map<String, JobType<?>> types = new LinkedHashMap<>();
    private final Datasets datasets;

    public JobTypes(Datasets datasets, List<JobType<?>> types) {
        this.datasets = datasets;
        types.forEach(type -> this.types.put(type.name(), type));
    }

    /** All types that come with Tinderbox. */
    public static List<JobType<?>> builtIn() {
        return List.of(new WordCount());
    }

    /** All types, in the order of the form. */
    public Collection<JobType<?>> all() {
        return types.values();
    }

    @Override
    public Map<String, Object> check(String type, Map<String, Object> params) {
        JobType<?> jobType = types.get(type);
        if (jobType == null) {
            throw new JobException(
                    ErrorCode.INVALID_JOB,
                    "The job cannot be accepted",
                    List.of(new FieldProblem("type", "must be one of " + String.join(", ", types.keySet()))));
        }
        Map<String, Object> checked = checked(jobType.params(), params);
        jobType.parse(new Params(checked));
        return checked;
    }

    private Map<String, Object> checked(List<ParamSpec<?>> specs, Map<String, Object> submitted) {
        List<FieldProblem> problems = new ArrayList<>();
        Map<String, Object> checked = new LinkedHashMap<>();
        for (ParamSpec<?> spec : specs) {
            Object value = submitted.get(spec.name()) == null ? spec.defaultValue() : submitted.get(spec.name());
            if (value == null) {
                problems.add(new FieldProblem(spec.field(), "is required"));
            } else {
                List<FieldProblem> wrong = spec.problemsWith(value);
                problems.addAll(wrong.isEmpty() ? problemsWithDatasets(spec, value) : wrong);
            }
            checked.put(spec.name(), value);
        }
        TreeSet<String> unknown = new TreeSet<>(submitted.keySet());
        unknown.removeAll(checked.keySet());
        for (String name : unknown) {
            problems.add(new FieldProblem(
                    "params." + name, "is unknown; the parameters are " + String.join(", ", checked.keySet())));
        }
        if (!problems.isEmpty()) {
            throw new JobException(ErrorCode.INVALID_JOB, "The job cannot be accepted", problems);
        }
        return checked;
    }

    private List<FieldProblem> problemsWithDatasets(ParamSpec<?> spec, Object value) {
        List<FieldProblem> problems = new ArrayList<>();
        if (spec.kind() == ParamSpec.Kind.DATASET) {
            String problem = datasets.problemWith((String) value);
            if (problem != null) {
                problems.add(new FieldProblem(spec.field(), problem));
            }
        }
        return problems;
    }

    /** Whether the input of a job is this file, or a folder that contains it. */
    public boolean reads(JobRequest job, String file) {
        JobType<?> type = types.get(job.type());
        return type != null
                && type.params().stream()
                        .filter(spec -> spec.kind() == ParamSpec.Kind.DATASET)
                        .map(spec -> job.params().get(spec.name()))
                        .anyMatch(input -> input instanceof String name && Datasets.covers(name, file));
    }

    public JobContext context(SparkSession spark, JobRunner.Attempt attempt) {
        return new JobContext(spark, datasets, attempt);
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
                    "it has " + String.join(", ", types.keySet()));
        }
        return run(jobType, params, context);
    }

    private static <P> Map<String, Object> run(JobType<P> type, Map<String, Object> params, JobContext context)
            throws Exception {
        return type.run(type.parse(new Params(params)), context);
    }
}
