package tinderbox.planted.job.log;

/** Breaks the rule of its package: a log does not know who writes it. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.job.dispatch.Violation.class;
}
