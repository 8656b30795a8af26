package tinderbox.jobtype.sql;

import java.io.Serial;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * Ends work that nothing can interrupt, from within: what it calls often calls {@link #check}. Counts the time that the
 * current thread computes, so that a busy machine changes nothing.
 */
final class Deadline {
    /** The clock is asked once per so many checks. */
    private static final int CHECKS = 1024;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final long end;
    private int checks;

    /** Thrown after the deadline. */
    static final class PassedException extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        PassedException() {
            super("the time is over");
        }
    }

    private Deadline(long end) {
        this.end = end;
    }

    /** A deadline for the current thread. */
    static Deadline after(Duration time) {
        return new Deadline(THREADS.getCurrentThreadCpuTime() + time.toNanos());
    }

    /** Throws once the time is over. */
    void check() {
        if (++checks % CHECKS == 0 && THREADS.getCurrentThreadCpuTime() > end) {
            throw new PassedException();
        }
    }
}
