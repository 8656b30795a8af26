package tinderbox.planted.executor;

/** Breaks the rule of its package: what runs in executors does not know the server's session. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.spark.Violation.class;
}
