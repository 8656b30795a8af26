package tinderbox.planted.job.result;

/** Breaks the rule of its package: a result does not depend on the log. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.job.log.Violation.class;
}
