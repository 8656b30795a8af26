package tinderbox.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A job as it stands: immutable; every change is a new value that a compare-and-set puts in its place.
 * (state, attempt) identifies a version while a server runs: no state is entered twice within one attempt, but for
 * waiting again when that server stops.
 *
 * @param request what was accepted
 * @param state where it stands
 * @param attempt the number of the newest attempt; 0 before the first
 * @param startedAt when the newest attempt started, or null before the first
 * @param cancel the request to stop; not null exactly while CANCELLING
 * @param end how it ended; not null exactly in a terminal state
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
     * @param outcome how
     * @param at when
     * @param ran how long the last attempt ran, by a clock that does not jump; zero if none did
     * @param warnings what a user should know of the last attempt beside its outcome, as plain sentences
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

    /** What comes later in a job's life is never said to have come earlier, even if the clock was turned back. */
    private Instant notBeforeLastChange(Instant at) {
        Instant last =
                startedAt == null || startedAt.isBefore(request.submittedAt()) ? request.submittedAt() : startedAt;
        return at.isBefore(last) ? last : at;
    }

    /** This job, asked to stop. */
    public Job cancelling(CancelRequest by) {
        return new Job(request, checked(JobState.CANCELLING), attempt, startedAt, by, null);
    }

    /** This job, ended without a warning. */
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

    /** This job, waiting again because the process that ran it is gone. */
    public Job requeued() {
        return new Job(request, checked(JobState.PENDING), attempt, startedAt, null, null);
    }

    /** This job, waiting as if its newest attempt had not started: it was taken from it in good order. */
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
