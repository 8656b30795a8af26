package tinderbox.job;

import java.util.List;

/**
 * What Spark did for a job: its progress, its stages and its plan.
 *
 * @param attempt the number of the attempt
 * @param progress the total of all stages; null if nothing was measured
 * @param stages the newest {@link #MAX_STAGES}, in the order in which Spark announced them
 * @param stagesDropped how many older stages are only in {@code progress}
 * @param plan how Spark runs it, as a text; null if the job type does not say
 */
public record ProgressReport(
        int attempt, Progress progress, List<StageProgress> stages, int stagesDropped, String plan) {
    /** The maximum number of stages in a report. */
    public static final int MAX_STAGES = 1_000;

    public ProgressReport {
        stages = List.copyOf(stages);
    }

    /** The report of an attempt without measurements. */
    public static ProgressReport empty(int attempt) {
        return new ProgressReport(attempt, null, List.of(), 0, null);
    }
}
