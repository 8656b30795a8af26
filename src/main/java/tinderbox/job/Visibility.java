package tinderbox.job;

import java.util.List;
import java.util.Set;

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

    /** The names of the submitters, in their order; null for everybody. */
    public List<String> names() {
        return submitters == null ? null : submitters.stream().sorted().toList();
    }

    /** Of this submitter, or of nobody if {@link #includes} is false. */
    public Visibility only(String submitter) {
        return new Visibility(includes(submitter) ? Set.of(submitter) : Set.of());
    }

    @Override
    public String toString() {
        return submitters == null ? "everybody" : String.join(", ", names());
    }
}
