package tinderbox.job;

/**
 * Hears of every change of every job. What happens to one job is told in the order in which it happens, after it is
 * durable and can be found, and while no other change of that job can happen: return at once and touch no job here.
 */
public interface JobListener {
    /** A job was accepted or has changed its state; this is how it stands. */
    void changed(Job job);

    /** An ended job was removed. */
    void deleted(JobId id);
}
