package tinderbox.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import tinderbox.dataset.UploadLimits;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

class MinimumTransferRateTest {
    private long now = 42;
    private final MinimumTransferRate minimumTransferRate =
            new MinimumTransferRate(UploadLimits.of(Long.MAX_VALUE, 0, 100), () -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void aFastUploadMayContinue() {
        for (int i = 0; i < 100; i++) {
            minimumTransferRate.received(30 << 10);
            pass(Duration.ofSeconds(30));
            assertEquals(Duration.ofSeconds(30).toNanos(), minimumTransferRate.nanosToWait());
        }
    }

    @Test
    void oneByteLessThanAKibibyteASecondIsTooSlow() {
        minimumTransferRate.received((30 << 10) - 1);
        pass(Duration.ofSeconds(29));
        assertEquals(Duration.ofSeconds(1).toNanos(), minimumTransferRate.nanosToWait());

        pass(Duration.ofSeconds(1));

        assertEquals(
                ErrorCode.TOO_SLOW,
                assertThrows(JobException.class, minimumTransferRate::nanosToWait)
                        .code());
    }

    @Test
    void aFastStartDoesNotCompensateASlowEnd() {
        minimumTransferRate.received(1 << 30);
        pass(Duration.ofSeconds(30));
        minimumTransferRate.nanosToWait();
        pass(Duration.ofSeconds(30));

        assertThrows(JobException.class, minimumTransferRate::nanosToWait);
    }

    @Test
    void oneDayIsTheMaximum() {
        for (int i = 0; i < 24 * 120 - 1; i++) {
            pass(Duration.ofSeconds(30));
            minimumTransferRate.received(1 << 20);
            minimumTransferRate.nanosToWait();
        }
        pass(Duration.ofSeconds(30));
        minimumTransferRate.received(1 << 20);

        assertEquals(
                ErrorCode.TOO_SLOW,
                assertThrows(JobException.class, minimumTransferRate::nanosToWait)
                        .code());
    }
}
