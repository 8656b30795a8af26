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
    void whatComesFastEnoughMayGoOn() {
        for (int i = 0; i < 100; i++) {
            minimumTransferRate.came(30 << 10);
            pass(Duration.ofSeconds(30));
            assertEquals(Duration.ofSeconds(30).toNanos(), minimumTransferRate.patience());
        }
    }

    @Test
    void oneByteLessThanAKibibyteASecondIsTooSlow() {
        minimumTransferRate.came((30 << 10) - 1);
        pass(Duration.ofSeconds(29));
        assertEquals(Duration.ofSeconds(1).toNanos(), minimumTransferRate.patience());

        pass(Duration.ofSeconds(1));

        assertEquals(
                ErrorCode.TOO_SLOW,
                assertThrows(JobException.class, minimumTransferRate::patience).code());
    }

    @Test
    void aFastBeginningDoesNotPayForASlowEnd() {
        minimumTransferRate.came(1 << 30);
        pass(Duration.ofSeconds(30));
        minimumTransferRate.patience();
        pass(Duration.ofSeconds(30));

        assertThrows(JobException.class, minimumTransferRate::patience);
    }

    @Test
    void aDayIsTheMost() {
        for (int i = 0; i < 24 * 120 - 1; i++) {
            pass(Duration.ofSeconds(30));
            minimumTransferRate.came(1 << 20);
            minimumTransferRate.patience();
        }
        pass(Duration.ofSeconds(30));
        minimumTransferRate.came(1 << 20);

        assertEquals(
                ErrorCode.TOO_SLOW,
                assertThrows(JobException.class, minimumTransferRate::patience).code());
    }
}
