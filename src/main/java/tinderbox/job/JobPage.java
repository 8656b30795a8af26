package tinderbox.job;

import java.util.List;
import java.util.Map;

/**
 * One page of a list of jobs.
 *
 * @param <T> {@link Job} from the store, {@link JobView} from the service
 * @param jobs newest first
 * @param total how many jobs match the query, on this and other pages
 * @param counts how many jobs in each state match the query's other filters, with an entry for every state
 */
public record JobPage<T>(List<T> jobs, long total, Map<JobState, Long> counts) {
    public JobPage {
        jobs = List.copyOf(jobs);
        counts = Map.copyOf(counts);
    }
}
