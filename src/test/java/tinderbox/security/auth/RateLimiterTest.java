package tinderbox.security.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void aBucketIsEmptiedAndFillsEvenly() {
        RateLimiter limiter = new RateLimiter(10, Duration.ofMinutes(1), nanos::get);
        for (int i = 0; i < 10; i++) {
            assertTrue(limiter.take("a"), "take " + i);
        }
        assertFalse(limiter.take("a"));
        assertTrue(limiter.take("b"), "another key has a bucket of its own");
        assertEquals(6, limiter.secondsToNext("a"));

        nanos.addAndGet(TimeUnit.SECONDS.toNanos(6));

        assertTrue(limiter.take("a"));
        assertFalse(limiter.take("a"));
        nanos.addAndGet(TimeUnit.DAYS.toNanos(1));
        for (int i = 0; i < 10; i++) {
            assertTrue(limiter.take("a"), "a full bucket, and no more, after a long time");
        }
        assertFalse(limiter.take("a"));
    }
}
