package tinderbox.planted.preset;

/** Breaks the rule of its package: presets do not know who runs them. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.job.dispatch.Violation.class;
}
