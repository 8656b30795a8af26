package tinderbox.job;

/**
 * Is notified of every change of every job. Changes of one job arrive in order, each after it is stored and before the next
 * can happen, so a listener must return at once and must not change jobs.
 */
public interface JobListener {
    /** A job was accepted or has changed its state. */
    void changed(Job job);

    /** The name, the note or the labels of a job were changed, but not its state; it may have ended. */
    default void edited(Job job) {}

    /** An ended job was removed. */
    void deleted(Job job);
}
