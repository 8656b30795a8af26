package tinderbox.planted.http;

/** Breaks the rule of its package: HTTP does not reach past the domain. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.store.Violation.class;
}
