package tinderbox.planted.http.message;

/** Breaks the rule of its package: a message does not know the server that carries it. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.http.server.Violation.class;
}
