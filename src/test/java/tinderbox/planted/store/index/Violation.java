package tinderbox.planted.store.index;

/** Breaks the rule of its package: the index does not know the folders. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.store.Violation.class;
}
