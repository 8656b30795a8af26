package tinderbox.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A machine whose limit of threads the test changes. */
class ThreadReserveTest {
    private final AtomicLong now = new AtomicLong();
    private final Semaphore free = new Semaphore(100);
    private final ThreadReserve reserve = new ThreadReserve(this::start, now::get);

    private void start(Runnable task) {
        if (!free.tryAcquire()) {
            throw new OutOfMemoryError("unable to create native thread: possibly out of memory or limits reached");
        }
        Thread thread = new Thread(() -> {
            task.run();
            free.release();
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void releasesItsThreadsInAShortageAndFillsItselfAgainLater() throws Exception {
        reserve.watch();
        assertFalse(reserve.isExhausted());
        int others = free.drainPermits();
        reserve.watch();
        assertTrue(reserve.isExhausted());
        free.acquire(12);
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        reserve.watch();
        assertTrue(reserve.isExhausted(), "its own threads were freed and are used by others");
        free.release(12 + others);
        reserve.watch();
        assertTrue(reserve.isExhausted(), "it is not retried at every check");
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        reserve.watch();
        assertFalse(reserve.isExhausted());
        reserve.close();
        free.acquire(100);
    }

    @Test
    void aShortageIsFoundInCausesAndInMessagesOfSpark() {
        Throwable threads = new OutOfMemoryError("unable to create native thread: possibly out of memory");
        assertEquals(Optional.of("threads"), ResourceShortage.of(new IllegalStateException("x", threads)));
        assertEquals(
                Optional.of("threads"), ResourceShortage.of(new RuntimeException("Job aborted: java.lang." + threads)));
        assertEquals(
                Optional.of("file descriptors"),
                ResourceShortage.of(new RuntimeException(new IOException("/a: Too many open files"))));
        assertEquals(Optional.empty(), ResourceShortage.of(new OutOfMemoryError("Java heap space")));
        assertEquals(Optional.empty(), ResourceShortage.of(new RuntimeException((String) null)));
    }
}
