package tinderbox.security;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often each of many may do something: so many times at once, and that many again in each period, spread evenly.
 * Known are those that were last seen; who is forgotten begins anew, which takes an attacker more addresses than they
 * gain.
 */
public final class Budget {
    private static final int MOST = 20_000;

    private final int times;
    private final long eachNanos;
    private final LongSupplier nanos;
    private final Map<String, Account> accounts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Account> eldest) {
            return size() > MOST;
        }
    };

    /** What is left, in nanoseconds of waiting that were saved up. */
    private static final class Account {
        private long saved;
        private long at;
    }

    /** So many times in a period. */
    public Budget(int times, Duration period) {
        this(times, period, System::nanoTime);
    }

    Budget(int times, Duration period, LongSupplier nanos) {
        this.times = times;
        this.eachNanos = period.toNanos() / times;
        this.nanos = nanos;
    }

    /** Takes one time from somebody's budget; answers whether it was left. */
    public synchronized boolean take(String who) {
        Account account = account(who);
        if (account.saved < eachNanos) {
            return false;
        }
        account.saved -= eachNanos;
        return true;
    }

    /** After how many whole seconds one more time is left, at least 1. */
    public synchronized long secondsToNext(String who) {
        long missing = Math.max(0, eachNanos - account(who).saved);
        return Math.max(1, Duration.ofNanos(missing).plusMillis(999).toSeconds());
    }

    private Account account(String who) {
        long now = nanos.getAsLong();
        Account account = accounts.get(who);
        if (account == null) {
            account = new Account();
            account.saved = times * eachNanos;
            account.at = now;
            accounts.put(who, account);
        }
        account.saved = Math.min(times * eachNanos, account.saved + (now - account.at));
        account.at = now;
        return account;
    }
}
