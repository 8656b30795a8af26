package tinderbox.planted.http.server;

/** Breaks the rule of its package: the server does not know the API that it serves. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.http.api.Violation.class;
}
