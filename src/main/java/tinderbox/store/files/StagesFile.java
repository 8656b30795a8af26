package tinderbox.store.files;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.time.Instant;
import java.util.List;
import tinderbox.job.Progress;
import tinderbox.job.ProgressReport;
import tinderbox.job.StageProgress;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/**
 * {@code stages.json}: the progress, the stages and the plan of the job's last attempt.
 *
 * @param plan null if there is none, and in files of earlier versions
 */
@CompiledJson
public record StagesFile(
        @JsonAttribute(mandatory = true) int attempt,
        @JsonAttribute(mandatory = true) Totals progress,
        @JsonAttribute(mandatory = true) List<Stage> stages,

        @JsonAttribute(name = "stages_dropped", mandatory = true)
        int stagesDropped,

        String plan) {

    /** The sums over all stages. */
    @CompiledJson
    record Totals(
            String phase,

            @JsonAttribute(name = "stages_done", mandatory = true)
            int stagesDone,

            @JsonAttribute(name = "stages_total", mandatory = true)
            int stagesTotal,

            @JsonAttribute(name = "tasks_done", mandatory = true)
            int tasksDone,

            @JsonAttribute(name = "tasks_running", mandatory = true)
            int tasksRunning,

            @JsonAttribute(name = "tasks_total", mandatory = true)
            int tasksTotal,

            @JsonAttribute(name = "bytes_read") Long bytesRead,
            @JsonAttribute(name = "bytes_total") Long bytesTotal,
            @JsonAttribute(name = "rows_read") Long rowsRead,

            @JsonAttribute(name = "shuffle_read_bytes", mandatory = true)
            long shuffleReadBytes,

            @JsonAttribute(name = "shuffle_write_bytes", mandatory = true)
            long shuffleWriteBytes) {}

    @CompiledJson
    record Stage(
            @JsonAttribute(mandatory = true) int id,
            @JsonAttribute(mandatory = true) int attempts,
            @JsonAttribute(mandatory = true) String name,
            @JsonAttribute(mandatory = true) String state,
            @JsonAttribute(mandatory = true) int tasks,

            @JsonAttribute(name = "tasks_done", mandatory = true)
            int tasksDone,

            @JsonAttribute(name = "tasks_running", mandatory = true)
            int tasksRunning,

            @JsonAttribute(name = "tasks_failed", mandatory = true)
            int tasksFailed,

            @JsonAttribute(name = "bytes_read", mandatory = true)
            long bytesRead,

            @JsonAttribute(name = "rows_read") Long rowsRead,

            @JsonAttribute(name = "shuffle_read_bytes", mandatory = true)
            long shuffleReadBytes,

            @JsonAttribute(name = "shuffle_write_bytes", mandatory = true)
            long shuffleWriteBytes,

            @JsonAttribute(name = "submitted_at") Instant submittedAt,
            @JsonAttribute(name = "completed_at") Instant completedAt,
            @JsonAttribute(mandatory = true) boolean incomplete,
            List<Host> hosts) {}

    /** How many tasks of a stage have started on a host. */
    @CompiledJson
    record Host(
            @JsonAttribute(mandatory = true) String host,
            @JsonAttribute(mandatory = true) int tasks) {}

    public static byte[] write(ProgressReport report) {
        Progress progress = report.progress();
        return Json.write(new StagesFile(
                report.attempt(),
                new Totals(
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
                        progress.shuffleWriteBytes()),
                report.stages().stream().map(StagesFile::stage).toList(),
                report.stagesDropped(),
                report.plan()));
    }

    private static Stage stage(StageProgress stage) {
        return new Stage(
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
                stage.incomplete(),
                stage.hosts().stream()
                        .map(host -> new Host(host.host(), host.tasks()))
                        .toList());
    }

    /**
     * Reads a file.
     *
     * @throws MalformedJsonException if the file is incomplete
     * @throws IllegalArgumentException if it has an unknown state
     */
    public static ProgressReport read(byte[] json) throws MalformedJsonException {
        StagesFile file = Json.read(StagesFile.class, json);
        Totals totals = file.progress;
        return new ProgressReport(
                file.attempt,
                new Progress(
                        totals.phase,
                        totals.stagesDone,
                        totals.stagesTotal,
                        totals.tasksDone,
                        totals.tasksRunning,
                        totals.tasksTotal,
                        totals.bytesRead,
                        totals.bytesTotal,
                        totals.rowsRead,
                        totals.shuffleReadBytes,
                        totals.shuffleWriteBytes),
                file.stages.stream().map(StagesFile::stage).toList(),
                file.stagesDropped,
                file.plan);
    }

    private static StageProgress stage(Stage stage) {
        return new StageProgress(
                stage.id,
                stage.attempts,
                stage.name,
                StageProgress.State.valueOf(stage.state),
                stage.tasks,
                stage.tasksDone,
                stage.tasksRunning,
                stage.tasksFailed,
                stage.bytesRead,
                stage.rowsRead,
                stage.shuffleReadBytes,
                stage.shuffleWriteBytes,
                stage.submittedAt,
                stage.completedAt,
                stage.incomplete,
                // Files of earlier versions have none.
                stage.hosts == null
                        ? List.of()
                        : stage.hosts.stream()
                                .map(host -> new StageProgress.HostTasks(host.host, host.tasks))
                                .toList());
    }
}
