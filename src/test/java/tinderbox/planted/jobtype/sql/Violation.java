package tinderbox.planted.jobtype.sql;

/** Breaks the rule of its package: a job type does not know how it is dispatched. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.job.dispatch.Violation.class;
}
