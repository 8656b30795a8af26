package tinderbox.planted.job.dispatch;

/** Breaks the rule of its package: what runs jobs does not know how they are kept. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.store.Violation.class;
}
