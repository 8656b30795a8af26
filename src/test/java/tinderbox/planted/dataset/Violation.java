package tinderbox.planted.dataset;

/** Breaks the rule of its package: datasets know nothing of job types. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.jobtype.Violation.class;
}
