package tinderbox.planted.config;

/** Breaks the rule of its package: the configuration does not know the command line. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.cli.Violation.class;
}
