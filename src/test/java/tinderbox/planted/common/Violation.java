package tinderbox.planted.common;

/** Breaks the rule of its package: what all packages share knows nothing of jobs. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.job.Violation.class;
}
