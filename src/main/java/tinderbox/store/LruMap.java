package tinderbox.store;

import java.util.LinkedHashMap;
import java.util.Map;
import tinderbox.job.JobId;

/** What is known of the jobs that were last asked for, so many at the most. */
final class LruMap<T> extends LinkedHashMap<JobId, T> {
    private static final long serialVersionUID = 1L;

    private final int most;

    LruMap(int most) {
        super(16, 0.75f, true);
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<JobId, T> eldest) {
        return size() > most;
    }
}
