package tinderbox.planted.store.files;

/** Breaks the rule of its package: a file format does not know where the file is. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.store.Violation.class;
}
