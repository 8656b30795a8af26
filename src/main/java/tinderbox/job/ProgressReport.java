package tinderbox.job;

import java.util.List;

/**
 * All that is known of what Spark did for a job: its progress and its stages.
 *
 * @param attempt the number of the attempt that it tells of
 * @param progress all stages together; null where nothing was measured
 * @param stages the newest {@link #MAX_STAGES}, in the order in which Spark made them known
 * @param stagesDropped how many older ones are only in {@code progress}
 */
public record ProgressReport(int attempt, Progress progress, List<StageProgress> stages, int stagesDropped) {
    /** More stages than this are not listed. */
    public static final int MAX_STAGES = 1_000;

    public ProgressReport {
        stages = List.copyOf(stages);
    }

    /** Of an attempt of which nothing is known. */
    public static ProgressReport empty(int attempt) {
        return new ProgressReport(attempt, null, List.of(), 0);
    }
}
