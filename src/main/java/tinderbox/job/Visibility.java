package tinderbox.job;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whose jobs and uploads somebody sees: those of everybody, or of some submitters.
 *
 * @param submitters the names of those submitters; null for everybody
 */
public record Visibility(Set<String> submitters) {
    /** Of everybody. */
    public static final Visibility ALL = new Visibility(null);

    public Visibility {
        submitters = submitters == null ? null : Set.copyOf(submitters);
    }

    /** Of these submitters. */
    public static Visibility of(Set<String> submitters) {
        return new Visibility(submitters);
    }

    /** Whether it is everybody. */
    public boolean isAll() {
        return submitters == null;
    }

    /** Whether what this submitter owns is seen. */
    public boolean includes(String submitter) {
        return submitters == null || submitters.contains(submitter);
    }

    /** Of this submitter, or of nobody if {@link #includes} is false. */
    public Visibility only(String submitter) {
        return new Visibility(includes(submitter) ? Set.of(submitter) : Set.of());
    }

    @Override
    public String toString() {
        return submitters == null
                ? "everybody"
                : new TreeSet<>(submitters).stream().collect(Collectors.joining(", "));
    }
}
