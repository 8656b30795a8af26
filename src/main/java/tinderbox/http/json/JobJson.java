package tinderbox.http.json;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/** Jobs as they go over the wire. */
public final class JobJson {
    /** Where jobs are in the API. */
    public static final String PATH = "/api/v1/jobs/";

    private JobJson() {}

    /** A job in a list. */
    @CompiledJson
    public record Item(
            @JsonAttribute(name = "job_id") String jobId,
            String type,
            String name,
            String status,
            Map<String, Object> params,
            @JsonAttribute(name = "submitted_by") String submittedBy,
            @JsonAttribute(name = "submitted_at") Instant submittedAt,
            @JsonAttribute(name = "started_at") Instant startedAt,
            @JsonAttribute(name = "finished_at") Instant finishedAt,
            @JsonAttribute(name = "duration_ms") Long durationMs,
            @JsonAttribute(name = "queue_position") Integer queuePosition,
            int attempt,
            @JsonAttribute(name = "max_attempts") int maxAttempts,
            @JsonAttribute(name = "rerun_of") String rerunOf,
            ProgressJson progress,
            ErrorJson error,
            @JsonAttribute(name = "error_message") String errorMessage,
            List<String> warnings,
            @JsonAttribute(name = "results_path") String resultsPath) {
        public static Item of(JobView view, int maxAttempts) {
            Job job = view.job();
            JobRequest request = job.request();
            Failure failure =
                    job.end() != null && job.end().outcome() instanceof Outcome.Failed failed ? failed.failure() : null;
            return new Item(
                    job.id().toString(),
                    request.type(),
                    request.name(),
                    job.state().name(),
                    ExactNumbers.map(request.params()),
                    request.submittedBy(),
                    request.submittedAt(),
                    job.startedAt(),
                    job.end() == null ? null : job.end().at(),
                    view.ran() == null ? null : view.ran().toMillis(),
                    view.queuePosition(),
                    job.attempt(),
                    maxAttempts,
                    request.rerunOf() == null ? null : request.rerunOf().toString(),
                    view.progress() == null ? null : ProgressJson.of(view.progress()),
                    failure == null ? null : ErrorJson.of(failure),
                    failure == null ? null : failure.message(),
                    view.warnings(),
                    job.state() == JobState.SUCCEEDED ? path(job.id()) + "/result" : null);
        }
    }

    /** A job by itself: all that is in a list, its progress also after its end, its summary and the end of its log. */
    @CompiledJson
    public record Whole(
            @JsonAttribute(name = "job_id") String jobId,
            String type,
            String name,
            String status,
            Map<String, Object> params,
            @JsonAttribute(name = "submitted_by") String submittedBy,
            @JsonAttribute(name = "submitted_at") Instant submittedAt,
            @JsonAttribute(name = "started_at") Instant startedAt,
            @JsonAttribute(name = "finished_at") Instant finishedAt,
            @JsonAttribute(name = "duration_ms") Long durationMs,
            @JsonAttribute(name = "queue_position") Integer queuePosition,
            int attempt,
            @JsonAttribute(name = "max_attempts") int maxAttempts,
            @JsonAttribute(name = "rerun_of") String rerunOf,
            ProgressJson progress,
            ErrorJson error,
            @JsonAttribute(name = "error_message") String errorMessage,
            List<String> warnings,
            Map<String, Object> summary,
            @JsonAttribute(name = "results_path") String resultsPath,
            @JsonAttribute(name = "log_preview") String logPreview) {
        public static Whole of(Item item, Progress progress, Map<String, Object> summary, String logPreview) {
            return new Whole(
                    item.jobId,
                    item.type,
                    item.name,
                    item.status,
                    item.params,
                    item.submittedBy,
                    item.submittedAt,
                    item.startedAt,
                    item.finishedAt,
                    item.durationMs,
                    item.queuePosition,
                    item.attempt,
                    item.maxAttempts,
                    item.rerunOf,
                    progress == null ? null : ProgressJson.of(progress),
                    item.error,
                    item.errorMessage,
                    item.warnings,
                    summary == null ? null : ExactNumbers.map(summary),
                    item.resultsPath,
                    logPreview);
        }
    }

    /** What Spark has done for a job so far. */
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

    /** Why a job failed. */
    @CompiledJson
    record ErrorJson(String code, String message, String hint) {
        static ErrorJson of(Failure failure) {
            return new ErrorJson(failure.code().code(), failure.message(), failure.hint());
        }
    }

    /** One page of the list of jobs. */
    @CompiledJson
    public record Page(List<Item> jobs, long total, int limit, long offset, Map<String, Long> counts) {
        public static Page of(JobPage<JobView> page, int limit, long offset, int maxAttempts) {
            List<Item> items =
                    page.jobs().stream().map(view -> Item.of(view, maxAttempts)).toList();
            return new Page(items, page.total(), limit, offset, JobJson.counts(page.counts()));
        }
    }

    /** Numbers of jobs by status, in the order of a job's life. */
    public static Map<String, Long> counts(Map<JobState, Long> counts) {
        Map<String, Long> ordered = new LinkedHashMap<>();
        for (JobState state : JobState.values()) {
            ordered.put(state.name(), counts.getOrDefault(state, 0L));
        }
        return ordered;
    }

    /** Where a job is in the API. */
    static String path(JobId id) {
        return PATH + id;
    }
}
