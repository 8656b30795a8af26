package tinderbox.planted.security.audit;

/** Breaks the rule of its package: the audit log does not depend on how a request came in. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.http.server.Violation.class;
}
