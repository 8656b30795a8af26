package tinderbox.planted.http.api;

/** Breaks the rule of its package: handlers do not reach past the domain. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.store.Violation.class;
}
