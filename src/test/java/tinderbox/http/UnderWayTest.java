package tinderbox.http;

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

class UnderWayTest {
    private final UnderWay underWay = new UnderWay();

    @Test
    void nothingUnderWayIsNotWaitedFor() {
        underWay.begun();
        underWay.ended();

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> underWay.awaitNone(Duration.ofMinutes(1)));
    }

    @Test
    void theLastEndEndsTheWait() throws Exception {
        underWay.begun();
        underWay.begun();
        Thread waiting = new Thread(() -> {
            try {
                underWay.awaitNone(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiting.start();

        underWay.ended();
        waiting.join(50);
        assertTrue(waiting.isAlive());
        underWay.ended();
        waiting.join(10_000);
        assertFalse(waiting.isAlive());
    }

    @Test
    void nothingIsAdmittedOnceItIsOver() {
        assertDoesNotThrow(underWay::admit);

        underWay.admitNoMore();

        assertEquals(
                ErrorCode.SHUTTING_DOWN,
                assertThrows(JobException.class, underWay::admit).code());
    }

    @Test
    void aWaitHasALimit() {
        underWay.begun();

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> underWay.awaitNone(Duration.ofMillis(20)));
    }
}
