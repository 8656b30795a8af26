package tinderbox.job;

/**
 * What a job comes from. In a {@link JobFilter}, the parts that are not null are conditions.
 *
 * @param rerunOf the job that it repeats, or null
 * @param runSet the id of the run set that it belongs to, or null
 * @param preset the id of the preset from which it was submitted, or null
 */
public record JobOrigin(JobId rerunOf, String runSet, String preset) {
    /** Of a job that was submitted by itself. */
    public static final JobOrigin NONE = new JobOrigin(null, null, null);

    /** One instance for all jobs that come from nothing, since every job has an origin in memory. */
    public static JobOrigin of(JobId rerunOf, String runSet, String preset) {
        JobOrigin origin = new JobOrigin(rerunOf, runSet, preset);
        return origin.equals(NONE) ? NONE : origin;
    }

    /** Whether every part of this that is not null is equal to that of {@code other}. */
    public boolean matches(JobOrigin other) {
        return (rerunOf == null || rerunOf.equals(other.rerunOf))
                && (runSet == null || runSet.equals(other.runSet))
                && (preset == null || preset.equals(other.preset));
    }
}
