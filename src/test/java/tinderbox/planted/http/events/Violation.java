package tinderbox.planted.http.events;

/** Breaks the rule of its package: events do not depend on the handlers. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.http.api.Violation.class;
}
