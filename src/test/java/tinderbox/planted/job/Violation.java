package tinderbox.planted.job;

/** Breaks the rule of its package: the domain knows nothing of JSON. */
public final class Violation {
    public static final Class<?> FORBIDDEN = com.dslplatform.json.DslJson.class;
}
