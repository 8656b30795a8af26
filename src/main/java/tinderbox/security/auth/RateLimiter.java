package tinderbox.security.auth;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often each of many may do something: so many times at once, and that many again in each period, spread evenly.
 * Known are those that were last seen; who is forgotten begins anew, which takes an attacker more addresses than they
 * gain.
 */
public final class RateLimiter {
    private static final int MOST = 20_000;

    private final int times;
    private final long eachNanos;
    private final LongSupplier nanos;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST;
        }
    };

    /** What is left, in nanoseconds of waiting that were saved up. */
    private static final class Bucket {
        private long saved;
        private long at;
    }

    /** So many times in a period. */
    public RateLimiter(int times, Duration period) {
        this(times, period, System::nanoTime);
    }

    RateLimiter(int times, Duration period, LongSupplier nanos) {
        this.times = times;
        this.eachNanos = period.toNanos() / times;
        this.nanos = nanos;
    }

    /** Takes one time from somebody's budget; answers whether it was left. */
    public synchronized boolean take(String who) {
        Bucket bucket = account(who);
        if (bucket.saved < eachNanos) {
            return false;
        }
        bucket.saved -= eachNanos;
        return true;
    }

    /** After how many whole seconds one more time is left, at least 1. */
    public synchronized long secondsToNext(String who) {
        long missing = Math.max(0, eachNanos - account(who).saved);
        return Math.max(1, Duration.ofNanos(missing).plusMillis(999).toSeconds());
    }

    private Bucket account(String who) {
        long now = nanos.getAsLong();
        Bucket bucket = buckets.get(who);
        if (bucket == null) {
            bucket = new Bucket();
            bucket.saved = times * eachNanos;
            bucket.at = now;
            buckets.put(who, bucket);
        }
        bucket.saved = Math.min(times * eachNanos, bucket.saved + (now - bucket.at));
        bucket.at = now;
        return bucket;
    }
}
