package tinderbox.job.dispatch;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import tinderbox.job.JobId;

/** Jobs that could not start and are queued again after a delay, so that other jobs go first. */
final class DelayedRequeues {
    private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();

    private record Entry(JobId id, long dueNanos) {
        private boolean isDue() {
            return System.nanoTime() - dueNanos >= 0;
        }
    }

    void add(JobId id, Duration delay) {
        entries.add(new Entry(id, System.nanoTime() + delay.toNanos()));
    }

    /** Passes on each job whose delay is over. If {@code requeue} throws, that job stays here. */
    void drainDue(Consumer<JobId> requeue) {
        entries.removeIf(entry -> {
            if (!entry.isDue()) {
                return false;
            }
            requeue.accept(entry.id());
            return true;
        });
    }
}
