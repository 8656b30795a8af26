package tinderbox.http.json;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.time.Instant;
import java.util.List;
import tinderbox.job.JobId;
import tinderbox.job.ProgressReport;
import tinderbox.job.StageProgress;

/**
 * What Spark did for a job, as it goes over the wire. The stages on disk have their own type in {@code
 * store.files}: that format must stay readable, this one is the contract with clients, and their field names differ.
 */
@CompiledJson
public record StagesJson(
        @JsonAttribute(name = "job_id") String jobId,
        int attempt,
        JobJson.ProgressJson progress,
        List<StageJson> stages,
        @JsonAttribute(name = "stages_dropped") int stagesDropped) {
    public static StagesJson of(JobId id, ProgressReport report) {
        return new StagesJson(
                id.toString(),
                report.attempt(),
                report.progress() == null ? null : JobJson.ProgressJson.of(report.progress()),
                report.stages().stream().map(StageJson::of).toList(),
                report.stagesDropped());
    }

    /** One stage. */
    @CompiledJson
    record StageJson(
            @JsonAttribute(name = "stage_id") int stageId,
            int attempts,
            String name,
            String status,
            @JsonAttribute(name = "tasks_total") int tasksTotal,
            @JsonAttribute(name = "tasks_done") int tasksDone,
            @JsonAttribute(name = "tasks_running") int tasksRunning,
            @JsonAttribute(name = "tasks_failed") int tasksFailed,
            @JsonAttribute(name = "bytes_read") long bytesRead,
            @JsonAttribute(name = "rows_read") Long rowsRead,
            @JsonAttribute(name = "shuffle_read_bytes") long shuffleReadBytes,
            @JsonAttribute(name = "shuffle_write_bytes") long shuffleWriteBytes,
            @JsonAttribute(name = "submitted_at") Instant submittedAt,
            @JsonAttribute(name = "completed_at") Instant completedAt,
            @JsonAttribute(name = "duration_ms") Long durationMs,
            boolean incomplete,
            List<HostJson> hosts) {
        static StageJson of(StageProgress stage) {
            return new StageJson(
                    stage.id(),
                    stage.attempts(),
                    stage.name(),
                    stage.state().name(),
                    stage.tasks(),
                    stage.tasksDone(),
                    stage.tasksRunning(),
                    stage.tasksFailed(),
                    stage.bytesRead(),
                    stage.rowsRead(),
                    stage.shuffleReadBytes(),
                    stage.shuffleWriteBytes(),
                    stage.submittedAt(),
                    stage.completedAt(),
                    stage.duration() == null ? null : stage.duration().toMillis(),
                    stage.incomplete(),
                    stage.hosts().stream()
                            .map(host -> new HostJson(host.host(), host.tasks()))
                            .toList());
        }
    }

    /** How many tasks of a stage have started on a host. */
    @CompiledJson
    record HostJson(String host, int tasks) {}
}
