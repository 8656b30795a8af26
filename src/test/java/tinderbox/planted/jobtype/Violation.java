package tinderbox.planted.jobtype;

/** Breaks the rule of its package: a job type does not know how it is run. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.spark.Violation.class;
}
