package tinderbox.planted.cluster;

/** Breaks the rule of its package: a cluster knows nothing of jobs. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.job.Violation.class;
}
