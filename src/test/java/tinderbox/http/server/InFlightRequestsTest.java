package tinderbox.http.server;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

class InFlightRequestsTest {
    private final InFlightRequests inFlightRequests = new InFlightRequests();

    @Test
    void withoutRequestsThereIsNoWait() {
        inFlightRequests.started();
        inFlightRequests.completed();

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> inFlightRequests.awaitNone(Duration.ofMinutes(1)));
    }

    @Test
    void theLastCompletionEndsTheWait() throws Exception {
        inFlightRequests.started();
        inFlightRequests.started();
        Thread waiting = new Thread(() -> {
            try {
                inFlightRequests.awaitNone(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiting.start();

        inFlightRequests.completed();
        waiting.join(50);
        assertTrue(waiting.isAlive());
        inFlightRequests.completed();
        waiting.join(10_000);
        assertFalse(waiting.isAlive());
    }

    @Test
    void nothingIsAdmittedOnceClosing() {
        assertDoesNotThrow(inFlightRequests::admit);

        inFlightRequests.refuseNew();

        assertEquals(
                ErrorCode.SHUTTING_DOWN,
                assertThrows(JobException.class, inFlightRequests::admit).code());
    }

    @Test
    void aWaitHasALimit() {
        inFlightRequests.started();

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> inFlightRequests.awaitNone(Duration.ofMillis(20)));
    }
}
