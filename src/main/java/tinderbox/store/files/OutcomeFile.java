package tinderbox.store.files;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.job.TextPosition;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/** {@code outcome.json}: how the job ended. The end is final as soon as this file exists. */
@CompiledJson
public record OutcomeFile(
        @JsonAttribute(name = "job_id") String id,
        @JsonAttribute(mandatory = true) String state,
        @JsonAttribute(mandatory = true) int attempt,
        @JsonAttribute(name = "started_at") Instant startedAt,
        @JsonAttribute(name = "ended_at", mandatory = true) Instant endedAt,
        @JsonAttribute(name = "ran_ms", mandatory = true) long ranMs,
        Long rows,
        String code,
        String message,
        String hint,
        Position position,
        @JsonAttribute(name = "cancelled_by") String cancelledBy,
        List<String> warnings) {

    /** Where in a text the reason of a failure is. */
    @CompiledJson
    record Position(
            @JsonAttribute(mandatory = true) int line,
            @JsonAttribute(mandatory = true) int column,
            @JsonAttribute(mandatory = true) int length) {
        static Position of(TextPosition position) {
            return position == null ? null : new Position(position.line(), position.column(), position.length());
        }

        TextPosition toTextPosition() {
            return new TextPosition(line, column, length);
        }
    }

    public static byte[] write(Job ended) {
        return Json.write(of(ended));
    }

    private static OutcomeFile of(Job ended) {
        Outcome outcome = ended.end().outcome();
        Failure failure = outcome instanceof Outcome.Failed failed ? failed.failure() : null;
        return new OutcomeFile(
                ended.id().toString(),
                outcome.state().name(),
                ended.attempt(),
                ended.startedAt(),
                ended.end().at(),
                ended.end().ran().toMillis(),
                outcome instanceof Outcome.Succeeded succeeded ? succeeded.rows() : null,
                failure == null ? null : failure.code().code(),
                failure == null ? null : failure.message(),
                failure == null ? null : failure.hint(),
                failure == null ? null : Position.of(failure.position()),
                outcome instanceof Outcome.Cancelled cancelled ? cancelled.by() : null,
                ended.end().warnings());
    }

    /**
     * Returns the ended job.
     *
     * @throws IllegalArgumentException if the outcome has the id of another job; those of older servers have no id
     */
    public static Job read(JobRequest request, byte[] json) throws MalformedJsonException {
        OutcomeFile file = Json.read(OutcomeFile.class, json);
        if (file.id != null && !file.id.equals(request.id().toString())) {
            throw new IllegalArgumentException("the outcome is that of job " + file.id);
        }
        Job.End end = new Job.End(
                file.outcome(),
                file.endedAt,
                Duration.ofMillis(file.ranMs),
                file.warnings == null ? List.of() : file.warnings);
        return new Job(request, end.outcome().state(), file.attempt, file.startedAt, null, end);
    }

    /** Whether this outcome has this id, or none, as those of older servers. */
    public static boolean belongsTo(JobId id, byte[] json) throws MalformedJsonException {
        String jobId = Json.read(OutcomeFile.class, json).id;
        return jobId == null || jobId.equals(id.toString());
    }

    private Outcome outcome() {
        return switch (JobState.valueOf(state)) {
            case SUCCEEDED -> new Outcome.Succeeded(rows);
            case FAILED ->
                new Outcome.Failed(new Failure(
                        ErrorCode.of(code), message, hint, position == null ? null : position.toTextPosition()));
            case CANCELLED -> new Outcome.Cancelled(cancelledBy);
            case PENDING, RUNNING, CANCELLING -> throw new IllegalArgumentException(state + " is not an end state");
        };
    }
}
