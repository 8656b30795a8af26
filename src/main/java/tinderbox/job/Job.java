package tinderbox.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An immutable version of a job; every change is a new value that replaces it by compare-and-set. (state, attempt)
 * identifies a version while a server runs: a job enters no state twice in one attempt, except PENDING when the server
 * stops. What users change of a job is not part of its version, and no change of its state depends on it.
 *
 * @param request the accepted request
 * @param edits what users have changed since then, or null
 * @param state its state
 * @param attempt the number of the newest attempt; 0 before the first
 * @param startedAt when the newest attempt started, or null before the first
 * @param cancel the request to stop; not null only while CANCELLING
 * @param end how it ended; not null only in a terminal state
 */
public record Job(
        JobRequest request,
        JobEdits edits,
        JobState state,
        int attempt,
        Instant startedAt,
        CancelRequest cancel,
        End end) {
    public Job {
        Objects.requireNonNull(request, "request");
        if (state.isTerminal() != (end != null) || (end != null && end.outcome().state() != state)) {
            throw new IllegalArgumentException("a job that is " + state + " cannot have the end " + end);
        }
        if ((state == JobState.CANCELLING) != (cancel != null)) {
            throw new IllegalArgumentException("a job that is " + state + " cannot have " + cancel);
        }
        if (state.isRunning() && (startedAt == null || attempt < 1)) {
            throw new IllegalArgumentException("a job that is " + state + " must have a started attempt");
        }
    }

    /** A job that nobody has edited. */
    public Job(JobRequest request, JobState state, int attempt, Instant startedAt, CancelRequest cancel, End end) {
        this(request, null, state, attempt, startedAt, cancel, end);
    }

    /**
     * How and when a job ended.
     *
     * @param ran how long the last attempt ran, by a monotonic clock; zero if none ran
     * @param warnings more for the user to know about the last attempt, as plain sentences
     */
    public record End(Outcome outcome, Instant at, Duration ran, List<String> warnings) {
        public End {
            Objects.requireNonNull(outcome, "outcome");
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(ran, "ran");
            warnings = List.copyOf(warnings);
        }
    }

    /** A job that has just been accepted. */
    public static Job accepted(JobRequest request) {
        return new Job(request, JobState.PENDING, 0, null, null, null);
    }

    public JobId id() {
        return request.id();
    }

    /** The name that users see. */
    public String name() {
        return edits == null || edits.name() == null ? request.name() : edits.name();
    }

    /** Whether a user chose the name, instead of its type. */
    public boolean isNamed() {
        return request.isNamed() || (edits != null && edits.name() != null);
    }

    public Map<String, String> labels() {
        return edits == null ? request.labels() : edits.labels();
    }

    /** What somebody has noted about it, or null. */
    public String note() {
        return edits == null ? null : edits.note();
    }

    /** How many characters its parameters, labels and note have, in UTF-16 code units. */
    public long chars() {
        return JobRequest.chars(request.params(), labels()) + (note() == null ? 0 : note().length());
    }

    /** This job as users have edited it; null for not at all. */
    public Job withEdits(JobEdits newEdits) {
        return new Job(request, newEdits, state, attempt, startedAt, cancel, end);
    }

    /** This job with its next attempt running. */
    public Job started(Instant at) {
        return new Job(request, edits, checked(JobState.RUNNING), attempt + 1, notBeforeLastChange(at), null, null);
    }

    /** Keeps the times of a job in order even if the clock was turned back. */
    private Instant notBeforeLastChange(Instant at) {
        Instant latest =
                startedAt == null || startedAt.isBefore(request.submittedAt()) ? request.submittedAt() : startedAt;
        return at.isBefore(latest) ? latest : at;
    }

    /** This job, asked to stop. */
    public Job cancelling(CancelRequest cancelRequest) {
        return new Job(request, edits, checked(JobState.CANCELLING), attempt, startedAt, cancelRequest, null);
    }

    /** This job, ended without warnings. */
    public Job ended(Outcome outcome, Instant at, Duration ran) {
        return ended(outcome, at, ran, List.of());
    }

    /** This job, ended. */
    public Job ended(Outcome outcome, Instant at, Duration ran, List<String> warnings) {
        return new Job(
                request,
                edits,
                checked(outcome.state()),
                attempt,
                startedAt,
                null,
                new End(outcome, notBeforeLastChange(at), ran, warnings));
    }

    /** This job, waiting again because its attempt was lost: the server or Spark died. */
    public Job requeued() {
        return new Job(request, edits, checked(JobState.PENDING), attempt, startedAt, null, null);
    }

    /** This job, waiting as if its newest attempt had not started, so that the attempt does not count. */
    public Job rolledBack() {
        return new Job(
                request, edits, checked(JobState.PENDING), attempt - 1, attempt == 1 ? null : startedAt, null, null);
    }

    private JobState checked(JobState next) {
        if (!state.canBecome(next)) {
            throw new IllegalStateException("job " + id() + " is " + state + " and cannot become " + next);
        }
        return next;
    }

    /** Whether {@code other} is the same version of the same job. */
    public boolean isSameVersionAs(Job other) {
        return id().equals(other.id()) && state == other.state && attempt == other.attempt;
    }
}
