package tinderbox.job;

import java.util.List;

/**
 * What the jobs that a caller sees can be filtered by, the values that most of them have first.
 *
 * @param submitters names of those who submitted the jobs
 * @param labels as {@code KEY:VALUE}, or {@code KEY} if the value is empty
 */
public record FilterValues(List<String> submitters, List<String> labels) {
    public FilterValues {
        submitters = List.copyOf(submitters);
        labels = List.copyOf(labels);
    }
}
