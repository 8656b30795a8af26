package tinderbox.cluster;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import tinderbox.common.Worker;

/**
 * Asks the masters of a cluster again and again, on a thread of its own, because an answer can take some seconds. While
 * none answers, the pauses grow from one second to ten.
 */
public final class MasterWatch implements AutoCloseable {
    private static final Duration WHILE_ANSWERED = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(10);
    /** A question may still wait for its answer; its thread ends with the process. */
    private static final Duration CLOSE_WITHIN = Duration.ofMillis(100);

    private final Supplier<MasterProbe> probe;
    private final Worker worker = new Worker("tinderbox-master-watch", this::run, CLOSE_WITHIN);
    private MasterProbe.Answer latest;
    /** Counts the calls of {@link #askSoon}; answers to questions from before one are dropped. */
    private long round;

    private boolean closed;

    /**
     * A watch that has not started.
     *
     * @param probe creates the probe for the next question; may throw if the machine lacks something
     */
    public MasterWatch(Supplier<MasterProbe> probe) {
        this.probe = probe;
    }

    /** Begins to ask. */
    public void start() {
        worker.start();
    }

    /** The latest answer; empty if there is none since the start or the last {@link #askAgain}. */
    public synchronized Optional<MasterProbe.Answer> latest() {
        return Optional.ofNullable(latest);
    }

    /** Forgets the latest answer and asks at once. */
    public synchronized void askAgain() {
        latest = null;
        askSoon();
    }

    /** Asks at once; the latest answer counts until the next. */
    public synchronized void askSoon() {
        round++;
        notifyAll();
    }

    private void run() throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        for (long asked = round(); !isClosed(); asked = round()) {
            MasterProbe.Answer answer = probe.get().ask();
            boolean answered = answer instanceof MasterProbe.Answered;
            publish(answer, asked);
            pause(answered ? WHILE_ANSWERED : pause, asked);
            pause = answered ? FIRST_PAUSE : min(pause.multipliedBy(2));
        }
    }

    private static Duration min(Duration pause) {
        return pause.compareTo(MAX_PAUSE) < 0 ? pause : MAX_PAUSE;
    }

    private synchronized long round() {
        return round;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void publish(MasterProbe.Answer answer, long asked) {
        if (asked == round) {
            latest = answer;
        }
    }

    /** Waits this long, or until somebody wants an answer now. */
    private synchronized void pause(Duration pause, long asked) throws InterruptedException {
        long deadline = System.nanoTime() + pause.toNanos();
        for (long left = pause.toMillis(); left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
            if (closed || asked != round) {
                return;
            }
            wait(left);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        worker.stop();
    }
}
