package tinderbox.job;

import java.util.List;
import java.util.Map;

/**
 * One page of a list of jobs.
 *
 * @param <T> {@link Job} from the store, {@link JobView} from the service
 * @param jobs in the order of the query
 * @param total how many jobs match the query's filter, on this and other pages
 * @param counts how many jobs in each state match the filter's other conditions, with an entry for every state
 * @param next the sequence number that the next page begins behind, in the direction of the query; null if this is the last
 *     one, or the list is sorted
 * @param seen the sequence number up to which the list had every job, on this page or a page before it; a later query for
 *     the jobs after it misses none
 */
public record JobPage<T>(List<T> jobs, long total, Map<JobState, Long> counts, Long next, long seen) {
    public JobPage {
        jobs = List.copyOf(jobs);
        counts = Map.copyOf(counts);
    }
}
