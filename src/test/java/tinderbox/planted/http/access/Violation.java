package tinderbox.planted.http.access;

/** Breaks the rule of its package: the access log does not know who writes into it. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.http.server.Violation.class;
}
