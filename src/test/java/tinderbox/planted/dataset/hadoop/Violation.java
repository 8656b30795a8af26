package tinderbox.planted.dataset.hadoop;

/** Breaks the rule of its package: the file systems know nothing of job types. */
public final class Violation {
    public static final Class<?> FORBIDDEN = tinderbox.planted.jobtype.Violation.class;
}
