package tinderbox.security.auth;

import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import tinderbox.common.LruMap;

/**
 * Token buckets: each key may do something a number of times at once, and gets that number back evenly over a period.
 * The keys that were used least recently are forgotten and start with a full bucket. To profit from that, an attacker
 * needs more addresses than it is worth.
 */
public final class RateLimiter {
    private static final int MAX_KEYS = 20_000;

    private final long fullNanos;
    private final long nanosEach;
    private final LongSupplier nanos;
    private final Map<String, Bucket> buckets = new LruMap<>(MAX_KEYS);

    /** What is left, as saved waiting time. */
    private static final class Bucket {
        private long savedNanos;
        private long updatedNanos;
    }

    /** Allows each key {@code times} in a period. */
    public RateLimiter(int times, Duration period) {
        this(times, period, System::nanoTime);
    }

    RateLimiter(int times, Duration period, LongSupplier nanos) {
        this.nanosEach = period.toNanos() / times;
        this.fullNanos = times * nanosEach;
        this.nanos = nanos;
    }

    /** Takes one from a key's bucket; false if it is empty. */
    public boolean take(String key) {
        return take(key, 1);
    }

    /** Takes so many from a key's bucket, or none; false if it has less. */
    public synchronized boolean take(String key, int count) {
        Bucket bucket = bucket(key);
        if (bucket.savedNanos < count * nanosEach) {
            return false;
        }
        bucket.savedNanos -= count * nanosEach;
        return true;
    }

    /** After how many whole seconds the key may {@link #take} again, at least 1. */
    public long secondsToNext(String key) {
        return secondsTo(key, 1);
    }

    /** After how many whole seconds the key may take so many, at least 1. */
    public synchronized long secondsTo(String key, int count) {
        long missing = Math.max(0, count * nanosEach - bucket(key).savedNanos);
        return wholeSeconds(missing);
    }

    /**
     * What a key has left.
     *
     * @param times how often it may {@link #take} now
     * @param seconds after how many whole seconds it may once more, at least 1; 0 if it has everything
     */
    record Left(long times, long seconds) {}

    /** What a key has left now. */
    synchronized Left left(String key) {
        long saved = bucket(key).savedNanos;
        long missing = nanosEach - saved % nanosEach;
        return new Left(saved / nanosEach, saved == fullNanos ? 0 : wholeSeconds(missing));
    }

    private static long wholeSeconds(long nanos) {
        return Math.max(1, Duration.ofNanos(nanos).plusMillis(999).toSeconds());
    }

    private Bucket bucket(String key) {
        long now = nanos.getAsLong();
        Bucket bucket = buckets.get(key);
        if (bucket == null) {
            bucket = new Bucket();
            bucket.savedNanos = fullNanos;
            buckets.put(key, bucket);
        } else {
            bucket.savedNanos = Math.min(fullNanos, bucket.savedNanos + now - bucket.updatedNanos);
        }
        bucket.updatedNanos = now;
        return bucket;
    }
}
