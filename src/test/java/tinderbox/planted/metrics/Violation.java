package tinderbox.planted.metrics;

/** Breaks the rule of its package: what measures does not know HTTP. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.http.Violation.class;
}
