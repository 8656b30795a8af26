package tinderbox.planted.job.result.read;

/** Breaks the rule of its package: reading a result does not depend on the log. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.job.log.Violation.class;
}
