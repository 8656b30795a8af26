package tinderbox.job;

import java.util.List;

/**
 * What lists of jobs can be filtered by, for somebody who sees certain jobs: those that most of these jobs have come first.
 *
 * @param labels as {@code KEY:VALUE}, or {@code KEY} if the value is empty
 */
public record FilterValues(List<String> submitters, List<String> labels) {
    public FilterValues {
        submitters = List.copyOf(submitters);
        labels = List.copyOf(labels);
    }
}
