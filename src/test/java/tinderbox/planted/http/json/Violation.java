package tinderbox.planted.http.json;

/** Breaks the rule of its package: a wire type does not know the message that carries it. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.http.message.Violation.class;
}
