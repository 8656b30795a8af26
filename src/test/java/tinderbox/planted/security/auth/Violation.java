package tinderbox.planted.security.auth;

/** Breaks the rule of its package: authentication does not depend on HTTP. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.http.server.Violation.class;
}
