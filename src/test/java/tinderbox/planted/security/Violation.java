package tinderbox.planted.security;

/** Breaks the rule of its package: what is written down of a call does not depend on how it came in. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.http.Violation.class;
}
