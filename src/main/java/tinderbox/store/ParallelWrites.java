package tinderbox.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Writes many small files with several threads, because each waits for the disk most of the time, and a file system flushes
 * what several threads wait for at once.
 */
final class ParallelWrites {
    private static final int MORE_WRITERS = 15;
    private static final int EACH = 8;

    private ParallelWrites() {}

    /** Writes one item. */
    interface Write<T> {
        void write(T item) throws IOException;
    }

    /** Writes all items; after a failure, some are not written. No thread works on them any more when this returns. */
    static <T> void all(List<T> items, Write<T> write) throws IOException {
        AtomicInteger next = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Runnable share = () -> {
            for (int i = next.getAndIncrement();
                    i < items.size() && failure.get() == null;
                    i = next.getAndIncrement()) {
                try {
                    write.write(items.get(i));
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            }
        };
        List<Thread> writers = start(Math.min(MORE_WRITERS, items.size() / EACH), share);
        share.run();
        writers.forEach(ParallelWrites::join);
        rethrow(failure.get());
    }

    private static List<Thread> start(int count, Runnable share) {
        List<Thread> writers = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                Thread writer = new Thread(share, "tinderbox-writer-" + i);
                writer.setDaemon(true);
                writer.start();
                writers.add(writer);
            }
        } catch (OutOfMemoryError e) {
            // The machine has no more threads; those that there are write all.
        }
        return writers;
    }

    private static void join(Thread writer) {
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(Throwable failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }
}
