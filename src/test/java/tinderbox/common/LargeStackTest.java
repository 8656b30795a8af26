package tinderbox.common;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LargeStackTest {
    private final CountDownLatch release = new CountDownLatch(1);

    /** The threads that a test has abandoned would be in the way of the next. */
    @AfterEach
    void noThreadStaysAbandoned() {
        release.countDown();
        await().until(() -> LargeStack.abandoned() == 0);
    }

    @Test
    void callsNestAHundredThousandTimes() throws Exception {
        assertEquals(100_000, LargeStack.call("test-stack", () -> depth(100_000)));
    }

    private static int depth(int calls) {
        return calls == 0 ? 0 : 1 + depth(calls - 1);
    }

    @Test
    void whatTheWorkThrowsIsThrown() {
        IOException exception = new IOException("planted");
        StackOverflowError error = new StackOverflowError("planted");
        assertSame(
                exception,
                assertThrows(
                        IOException.class,
                        () -> LargeStack.call("test-stack", () -> {
                            throw exception;
                        })));
        assertSame(
                error,
                assertThrows(
                        StackOverflowError.class,
                        () -> LargeStack.call("test-stack", () -> {
                            throw error;
                        })));
    }

    @Test
    void workThatHeedsAnInterruptIsNotAbandoned() throws Exception {
        Caller caller = new Caller(new CountDownLatch(1)::await);
        caller.interruptInItsWork();
        assertEquals("the caller was interrupted", caller.cancellation().getMessage());
        assertEquals(0, LargeStack.abandoned());
    }

    @Test
    void tooManyAbandonedThreadsHoldUpFurtherWorkUntilOneEnds() throws Exception {
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < LargeStack.MAX_ABANDONED; i++) {
            callers.add(new Caller(this::ignoreInterrupts));
        }
        for (Caller caller : callers) {
            caller.interruptInItsWork();
        }
        for (Caller caller : callers) {
            caller.cancellation();
        }
        assertEquals(LargeStack.MAX_ABANDONED, LargeStack.abandoned());
        assertThrows(LargeStack.ExhaustedException.class, () -> LargeStack.call("test-stack", () -> true));
        release.countDown();
        await().until(() -> LargeStack.abandoned() == 0);
        assertEquals("done", LargeStack.call("test-stack", () -> "done"));
    }

    private void ignoreInterrupts() {
        boolean waits = true;
        while (waits) {
            try {
                release.await();
                waits = false;
            } catch (InterruptedException e) {
                // As planning in Spark does.
            }
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    /** A thread that waits for its work. */
    private static final class Caller {
        private final CountDownLatch working = new CountDownLatch(1);
        private final FutureTask<CancellationException> seen;
        private final Thread thread;

        Caller(Work work) {
            seen = new FutureTask<>(() -> assertThrows(
                    CancellationException.class,
                    () -> LargeStack.call("test-stack", () -> {
                        working.countDown();
                        work.run();
                        return null;
                    })));
            thread = new Thread(seen, "test-caller");
            thread.start();
        }

        void interruptInItsWork() throws InterruptedException {
            working.await();
            thread.interrupt();
        }

        CancellationException cancellation() throws Exception {
            return seen.get();
        }
    }
}
