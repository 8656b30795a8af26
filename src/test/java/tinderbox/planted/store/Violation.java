package tinderbox.planted.store;

/** Breaks the rule of its package: what keeps jobs does not know how they are run. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.spark.Violation.class;
}
