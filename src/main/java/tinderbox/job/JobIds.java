package tinderbox.job;

import java.util.List;

/**
 * The ids of a list of jobs.
 *
 * @param ids in the order of the query
 * @param more whether other jobs match that are behind these in the order
 */
public record JobIds(List<JobId> ids, boolean more) {
    public JobIds {
        ids = List.copyOf(ids);
    }
}
