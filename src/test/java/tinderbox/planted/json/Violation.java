package tinderbox.planted.json;

/** Breaks the rule of its package: JSON knows nothing of jobs. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.job.Violation.class;
}
