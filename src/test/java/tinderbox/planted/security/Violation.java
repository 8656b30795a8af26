package tinderbox.planted.security;

/** Breaks the rule of its package: datasets know nothing of job types. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.store.Violation.class;
}
