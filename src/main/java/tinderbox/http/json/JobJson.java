package tinderbox.http.json;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import com.dslplatform.json.JsonObject;
import com.dslplatform.json.JsonReader;
import com.dslplatform.json.JsonWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobPage;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.JobView;
import tinderbox.job.Outcome;
import tinderbox.job.Progress;
import tinderbox.json.ExactNumbers;
import tinderbox.json.Json;

/**
 * A job as it goes over the wire: one JSON object of the fields that every response has, then those of a list or of a
 * response about this job alone. dsl-json decides per type which fields it writes, and each of these must be written
 * even if it is null.
 */
public record JobJson(Common common, Rest rest) implements JsonObject {
    /** The path of the jobs in the API. */
    public static final String PATH = "/api/v1/jobs/";

    /** dsl-json demands a reader, but jobs are only written. */
    public static final JsonReader.ReadJsonObject<JobJson> JSON_READER = reader -> {
        throw new UnsupportedOperationException("jobs are not read");
    };

    /** A job in a list or an event. */
    public static JobJson listed(JobView view, int maxAttempts) {
        return new JobJson(Common.of(view, maxAttempts, true), new Listed(resultsPath(view.job())));
    }

    /**
     * A job in a response about it alone.
     *
     * @param summary the summary of its result, or null
     * @param logPreview the end of its log
     */
    public static JobJson detailed(JobView view, int maxAttempts, Map<String, Object> summary, String logPreview) {
        return new JobJson(
                Common.of(view, maxAttempts, false),
                new Detailed(summary == null ? null : ExactNumbers.map(summary), resultsPath(view.job()), logPreview));
    }

    private static String resultsPath(Job job) {
        return job.state() == JobState.SUCCEEDED ? path(job.id()) + "/result" : null;
    }

    /** The path of a job in the API. */
    public static String path(JobId id) {
        return PATH + id;
    }

    @Override
    public void serialize(JsonWriter writer, boolean minimal) {
        byte[] first = Json.write(common);
        byte[] second = Json.write(rest);
        writer.writeRaw(first, 0, first.length - 1);
        writer.writeByte(JsonWriter.COMMA);
        writer.writeRaw(second, 1, second.length - 1);
    }

    /** The fields of every response. */
    @CompiledJson
    record Common(
            @JsonAttribute(name = "job_id") String jobId,
            String type,
            String name,
            boolean named,
            String status,
            Map<String, Object> params,
            List<String> inputs,
            boolean shortened,
            Map<String, String> labels,
            String note,
            @JsonAttribute(name = "edited_by") String editedBy,
            @JsonAttribute(name = "edited_at") Instant editedAt,
            @JsonAttribute(name = "submitted_by") String submittedBy,
            @JsonAttribute(name = "submitted_at") Instant submittedAt,
            @JsonAttribute(name = "started_at") Instant startedAt,
            @JsonAttribute(name = "finished_at") Instant finishedAt,
            @JsonAttribute(name = "duration_ms") Long durationMs,
            @JsonAttribute(name = "queue_position") Integer queuePosition,
            int attempt,
            @JsonAttribute(name = "max_attempts") int maxAttempts,
            @JsonAttribute(name = "rerun_of") String rerunOf,
            @JsonAttribute(name = "run_set") String runSet,
            String preset,
            ProgressJson progress,
            ErrorJson error,
            @JsonAttribute(name = "error_message") String errorMessage,
            List<String> warnings) {
        static Common of(JobView view, int maxAttempts, boolean isListed) {
            Job job = view.job();
            JobRequest request = job.request();
            Map<String, Object> params = isListed ? ShortTexts.ofParams(request.params()) : request.params();
            List<String> inputs = isListed ? ShortTexts.firstOf(request.inputs()) : request.inputs();
            String note = isListed ? ShortTexts.ofText(job.note()) : job.note();
            Failure failure =
                    job.end() != null && job.end().outcome() instanceof Outcome.Failed failed ? failed.failure() : null;
            return new Common(
                    job.id().toString(),
                    request.type(),
                    job.name(),
                    job.isNamed(),
                    job.state().name(),
                    ExactNumbers.map(params),
                    inputs,
                    !params.equals(request.params())
                            || !inputs.equals(request.inputs())
                            || !Objects.equals(note, job.note()),
                    job.labels(),
                    note,
                    job.edits() == null ? null : job.edits().by(),
                    job.edits() == null ? null : job.edits().at(),
                    request.submittedBy(),
                    request.submittedAt(),
                    job.startedAt(),
                    job.end() == null ? null : job.end().at(),
                    view.ran() == null ? null : view.ran().toMillis(),
                    view.queuePosition(),
                    job.attempt(),
                    maxAttempts,
                    request.origin().rerunOf() == null
                            ? null
                            : request.origin().rerunOf().toString(),
                    request.origin().runSet(),
                    request.origin().preset(),
                    view.progress() == null ? null : ProgressJson.of(view.progress()),
                    failure == null ? null : ErrorJson.of(failure),
                    failure == null ? null : failure.message(),
                    view.warnings());
        }
    }

    sealed interface Rest {}

    /** The last field of a job in a list. */
    @CompiledJson
    record Listed(@JsonAttribute(name = "results_path") String resultsPath) implements Rest {}

    /** The last fields of a job in a response about it alone. */
    @CompiledJson
    record Detailed(
            Map<String, Object> summary,
            @JsonAttribute(name = "results_path") String resultsPath,
            @JsonAttribute(name = "log_preview") String logPreview)
            implements Rest {}

    /** The progress of a job. */
    @CompiledJson
    public record ProgressJson(
            String phase,
            @JsonAttribute(name = "stages_done") int stagesDone,
            @JsonAttribute(name = "stages_total") int stagesTotal,
            @JsonAttribute(name = "tasks_done") int tasksDone,
            @JsonAttribute(name = "tasks_running") int tasksRunning,
            @JsonAttribute(name = "tasks_total") int tasksTotal,
            @JsonAttribute(name = "bytes_read") Long bytesRead,
            @JsonAttribute(name = "bytes_total") Long bytesTotal,
            @JsonAttribute(name = "rows_read") Long rowsRead,
            @JsonAttribute(name = "shuffle_read_bytes") long shuffleReadBytes,
            @JsonAttribute(name = "shuffle_write_bytes") long shuffleWriteBytes) {
        public static ProgressJson of(Progress progress) {
            return new ProgressJson(
                    progress.phase(),
                    progress.stagesDone(),
                    progress.stagesTotal(),
                    progress.tasksDone(),
                    progress.tasksRunning(),
                    progress.tasksTotal(),
                    progress.bytesRead(),
                    progress.bytesTotal(),
                    progress.rowsRead(),
                    progress.shuffleReadBytes(),
                    progress.shuffleWriteBytes());
        }
    }

    /** Why a job failed; {@code position} is left out if there is none. */
    @CompiledJson(objectFormatPolicy = CompiledJson.ObjectFormatPolicy.MINIMAL)
    record ErrorJson(String code, String message, String hint, PositionJson position) {
        static ErrorJson of(Failure failure) {
            return new ErrorJson(
                    failure.code().code(), failure.message(), failure.hint(), PositionJson.of(failure.position()));
        }
    }

    /**
     * One page of the list of jobs.
     *
     * @param next the URL of the next page, or null
     * @param after the cursor for the jobs that are accepted from now on, or null if the list is sorted
     */
    @CompiledJson
    public record Page(
            List<JobJson> jobs,
            long total,
            int limit,
            long offset,
            Map<String, Long> counts,
            String next,
            String after) {
        public static Page of(
                JobPage<JobView> page, int limit, long offset, String next, String after, int maxAttempts) {
            List<JobJson> jobs =
                    page.jobs().stream().map(view -> listed(view, maxAttempts)).toList();
            return new Page(jobs, page.total(), limit, offset, JobJson.counts(page.counts()), next, after);
        }
    }

    /** The numbers of jobs by status, in the order of a job's life. */
    public static Map<String, Long> counts(Map<JobState, Long> counts) {
        Map<String, Long> ordered = new LinkedHashMap<>();
        for (JobState state : JobState.values()) {
            ordered.put(state.name(), counts.getOrDefault(state, 0L));
        }
        return ordered;
    }
}
