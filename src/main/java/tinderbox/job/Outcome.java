package tinderbox.job;

import java.util.Objects;

/** How a job ended. */
public sealed interface Outcome {
    /** The terminal state of a job with this outcome. */
    JobState state();

    /**
     * The result is published.
     *
     * @param rows the number of rows of the result
     */
    record Succeeded(long rows) implements Outcome {
        @Override
        public JobState state() {
            return JobState.SUCCEEDED;
        }
    }

    /** There is no result, for this reason. */
    record Failed(Failure failure) implements Outcome {
        public Failed {
            Objects.requireNonNull(failure, "failure");
        }

        @Override
        public JobState state() {
            return JobState.FAILED;
        }
    }

    /**
     * Stopped on request.
     *
     * @param by who requested it
     */
    record Cancelled(String by) implements Outcome {
        public Cancelled {
            Objects.requireNonNull(by, "by");
        }

        @Override
        public JobState state() {
            return JobState.CANCELLED;
        }
    }
}
