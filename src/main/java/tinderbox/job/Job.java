package tinderbox.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * An immutable version of a job; every change is a new value that replaces it by compare-and-set. (state, attempt)
 * identifies a version while a server runs: a job enters no state twice in one attempt, except PENDING when the server
 * stops.
 *
 * @param request the accepted request
 * @param state its state
 * @param attempt the number of the newest attempt; 0 before the first
 * @param startedAt when the newest attempt started, or null before the first
 * @param cancel the request to stop; not null only while CANCELLING
 * @param end how it ended; not null only in a terminal state
 */
public record Job(JobRequest request, JobState state, int attempt, Instant startedAt, CancelRequest cancel, End end) {
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

    /** This job with its next attempt running. */
    public Job started(Instant at) {
        return new Job(request, checked(JobState.RUNNING), attempt + 1, notBeforeLastChange(at), null, null);
    }

    /** Keeps the times of a job in order even if the clock was turned back. */
    private Instant notBeforeLastChange(Instant at) {
        Instant latest =
                startedAt == null || startedAt.isBefore(request.submittedAt()) ? request.submittedAt() : startedAt;
        return at.isBefore(latest) ? latest : at;
    }

    /** This job, asked to stop. */
    public Job cancelling(CancelRequest cancelRequest) {
        return new Job(request, checked(JobState.CANCELLING), attempt, startedAt, cancelRequest, null);
    }

    /** This job, ended without warnings. */
    public Job ended(Outcome outcome, Instant at, Duration ran) {
        return ended(outcome, at, ran, List.of());
    }

    /** This job, ended. */
    public Job ended(Outcome outcome, Instant at, Duration ran, List<String> warnings) {
        return new Job(
                request,
                checked(outcome.state()),
                attempt,
                startedAt,
                null,
                new End(outcome, notBeforeLastChange(at), ran, warnings));
    }

    /** This job, waiting again because its attempt was lost: the server or Spark died. */
    public Job requeued() {
        return new Job(request, checked(JobState.PENDING), attempt, startedAt, null, null);
    }

    /** This job, waiting as if its newest attempt had not started, so that the attempt does not count. */
    public Job rolledBack() {
        return new Job(request, checked(JobState.PENDING), attempt - 1, attempt == 1 ? null : startedAt, null, null);
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
