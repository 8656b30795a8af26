package tinderbox.common;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs work that recurses deeply and may ignore interrupts, each on a thread of its own. A caller that is interrupted does
 * not wait for such work: its thread is abandoned, and counted until it ends. Static, because such threads are a burden to
 * the whole process.
 */
public final class LargeStack {
    /** With so many abandoned threads, no other work starts. */
    public static final int MAX_ABANDONED = 4;

    static final String EXHAUSTED = MAX_ABANDONED + " threads that were asked to stop are still busy";

    private static final long STACK_BYTES = 256L << 20;
    private static final long STOP_WITHIN_MS = 2_000;
    private static final AtomicInteger ABANDONED = new AtomicInteger();

    private LargeStack() {}

    /** Too many abandoned threads are still busy. */
    public static final class ExhaustedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private ExhaustedException() {
            super(EXHAUSTED);
        }
    }

    /**
     * Runs the work and waits for it.
     *
     * @param name of the thread
     * @throws CancellationException if the caller is interrupted; the work is interrupted as well, and may still run
     * @throws ExhaustedException if too many threads have been abandoned
     */
    public static <T> T call(String name, Callable<T> work) throws Exception {
        if (ABANDONED.get() >= MAX_ABANDONED) {
            throw new ExhaustedException();
        }
        Call<T> call = new Call<>(work);
        Thread thread = new Thread(null, call, name, STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        try {
            return call.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        } catch (InterruptedException e) {
            stop(thread, call);
            Thread.currentThread().interrupt();
            CancellationException cancelled = new CancellationException("the caller was interrupted");
            cancelled.initCause(e);
            throw cancelled;
        }
    }

    private static void stop(Thread thread, Call<?> call) {
        thread.interrupt();
        try {
            thread.join(STOP_WITHIN_MS);
        } catch (InterruptedException e) {
            // It was interrupted before, too.
            Thread.currentThread().interrupt();
        }
        call.abandon();
    }

    /** How many threads that were asked to stop are still busy. */
    public static int abandoned() {
        return ABANDONED.get();
    }

    private static final class Call<T> extends FutureTask<T> {
        private boolean ended;
        private boolean abandoned;

        private Call(Callable<T> work) {
            super(work);
        }

        @Override
        public void run() {
            try {
                super.run();
            } finally {
                end();
            }
        }

        private synchronized void end() {
            ended = true;
            if (abandoned) {
                ABANDONED.decrementAndGet();
            }
        }

        private synchronized void abandon() {
            if (!ended) {
                abandoned = true;
                ABANDONED.incrementAndGet();
            }
        }
    }
}
