package tinderbox.planted.client;

/** Breaks the rule of its package: a client knows a server only by its API. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.job.Violation.class;
}
