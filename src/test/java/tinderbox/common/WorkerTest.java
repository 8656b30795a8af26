package tinderbox.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tinderbox.support.ServerLog;

class WorkerTest {
    private static final Duration LONG = Duration.ofDays(1);

    private final CountDownLatch running = new CountDownLatch(1);
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void runsItsLoopOnADaemonThreadWithItsName() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        try (Worker worker = new Worker("test-worker", () -> thread.complete(Thread.currentThread()))) {
            worker.start();
            assertEquals("test-worker", thread.get(1, TimeUnit.MINUTES).getName());
            assertTrue(thread.get().isDaemon());
        }
    }

    @Test
    void stopWakesALoopThatPauses() throws Exception {
        BlockingQueue<Boolean> pauses = new LinkedBlockingQueue<>();
        Worker[] worker = new Worker[1];
        worker[0] = new Worker("test-worker", () -> {
            running.countDown();
            pauses.add(worker[0].pause(LONG));
        });
        worker[0].start();
        running.await();
        assertFalse(worker[0].isStopping());
        assertTrue(worker[0].stop());
        assertTrue(worker[0].isStopping());
        assertEquals(List.of(false), List.copyOf(pauses));
    }

    @Test
    void aLoopThatThrowsIsLoggedAndStartsAgain() throws Exception {
        CountDownLatch again = new CountDownLatch(2);
        try (ServerLog log = new ServerLog();
                Worker worker = new Worker("test-worker", () -> {
                    again.countDown();
                    if (again.getCount() > 0) {
                        throw new IllegalStateException("planted");
                    }
                })) {
            worker.start();
            assertTrue(again.await(1, TimeUnit.MINUTES));
            assertEquals(
                    List.of("Thread test-worker failed; its work starts again"),
                    log.lines("Thread test-worker failed"));
            assertEquals(1, log.stackTraces());
        }
    }

    @Test
    void aLoopThatThrowsWhileStoppingDoesNotStartAgain() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        Worker worker = new Worker("test-worker", () -> {
            runs.incrementAndGet();
            running.countDown();
            stopped.await();
            throw new IllegalStateException("planted");
        });
        worker.start();
        running.await();
        Thread stopper = new Thread(worker::stop);
        stopper.start();
        while (!worker.isStopping()) {
            Thread.onSpinWait();
        }
        stopped.countDown();
        stopper.join();
        assertTrue(worker.stop());
        assertEquals(1, runs.get());
    }

    @Test
    void stopDoesNotWaitForEverAndDoesNotInterrupt() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ServerLog log = new ServerLog()) {
            Worker worker = new Worker(
                    "test-worker",
                    () -> {
                        runs.incrementAndGet();
                        running.countDown();
                        release.await();
                    },
                    Duration.ofMillis(1));
            worker.start();
            running.await();
            assertFalse(worker.stop());
            worker.close();
            assertEquals(List.of("Thread test-worker did not stop within 0 s"), log.lines("test-worker"));
            release.countDown();
            while (!worker.stop()) {
                Thread.onSpinWait();
            }
            assertEquals(1, runs.get(), "an interrupt would have started the loop again");
        }
    }

    @Test
    void canBeClosedTwiceAndBeforeItHasStarted() {
        Worker unstarted = new Worker("test-worker", runs::incrementAndGet);
        unstarted.close();
        assertTrue(unstarted.stop());
        Worker finished = new Worker("test-worker", runs::incrementAndGet);
        finished.start();
        finished.close();
        assertTrue(finished.stop());
        assertEquals(1, runs.get());
    }
}
