package tinderbox.common;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock that decides what is too old: which jobs retention deletes, how long idempotency keys are valid, and when tokens
 * expire. It follows the machine's clock while that is plausible. If the machine's clock jumps, this clock continues by
 * a monotonic one, until the machine's clock has been steady for {@link #STEADY}. So a wrong clock deletes nothing
 * and expires nothing.
 *
 * <p>A jump is a difference of more than {@link #TOLERANCE} between two readings. At a start, it is a time before the last
 * one seen in this data dir, or more than {@link #MAX_BREAK} after it. The file {@code clock} stores the last time seen;
 * without it, the newest change in the data dir counts.
 */
public final class TrustedClock extends Clock implements AutoCloseable {
    /** How long a clock that has jumped must be steady before it is trusted. */
    public static final Duration STEADY = Duration.ofHours(6);

    /** The largest correction of a clock that does not count as a jump. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    /** How long a server may be stopped, such as over a long weekend, before its next start distrusts the clock. */
    static final Duration MAX_BREAK = Duration.ofDays(4);

    private static final Logger LOG = LoggerFactory.getLogger(TrustedClock.class);
    private static final String FILE = "clock";
    private static final List<String> CHANGING_FILES = List.of("audit/audit.jsonl", "active", "ended");
    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final long REUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Duration SAVE_INTERVAL = Duration.ofMinutes(1);

    private final Path file;
    private final Clock machine;
    private final LongSupplier steadyNanos;
    private final long reuseNanos;
    private final Worker saver = new Worker("tinderbox-clock", this::saveRegularly);

    /** The times of both clocks at the last reading. */
    private Instant lastMachine;

    private long lastSteady;
    private long readNanos;
    /** The trusted time at the last reading. */
    private Instant lastTrusted;

    private boolean plausible = true;
    private long steadySince;
    private boolean saveFailed;

    /** The clock of a data dir, which need not exist yet; only {@link #start} writes to it. */
    public static TrustedClock of(Path dataDir, Clock machine) {
        return new TrustedClock(dataDir, machine, TrustedClock::sinceBoot, REUSE_NANOS);
    }

    public TrustedClock(Path dataDir, Clock machine, LongSupplier steadyNanos, long reuseNanos) {
        this.file = dataDir.resolve(FILE);
        this.machine = machine;
        this.steadyNanos = steadyNanos;
        this.reuseNanos = reuseNanos;
        this.lastMachine = machine.instant();
        this.lastSteady = steadyNanos.getAsLong();
        this.readNanos = System.nanoTime();
        this.lastTrusted = lastMachine;
        lastSeen(dataDir).ifPresent(this::compare);
    }

    /** A monotonic clock, in nanoseconds; on Linux it continues while the machine is suspended. */
    private static long sinceBoot() {
        try {
            String uptime = Files.readString(UPTIME);
            return (long) (Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * 1e9);
        } catch (IOException | RuntimeException e) {
            return System.nanoTime();
        }
    }

    private Optional<Instant> lastSeen(Path dataDir) {
        try {
            return Optional.of(Instant.parse(Files.readString(file).strip()));
        } catch (IOException | DateTimeException e) {
            // It does not exist yet, or a crash has truncated it.
            return CHANGING_FILES.stream()
                    .map(dataDir::resolve)
                    .flatMap(path -> changed(path).stream())
                    .max(Instant::compareTo);
        }
    }

    private static Optional<Instant> changed(Path path) {
        try {
            return Optional.of(Files.getLastModifiedTime(path).toInstant());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void compare(Instant lastSeen) {
        boolean back = lastMachine.isBefore(lastSeen.minus(TOLERANCE));
        if (back || lastMachine.isAfter(lastSeen.plus(MAX_BREAK))) {
            jumped(lastSeen, lastSteady);
        }
    }

    private void warn() {
        LOG.warn(
                "The machine's clock says {}, but {} was expected; check it. Until it has been steady for {} hours,"
                        + " nothing is deleted because it is old, and no token expires, by what it says",
                lastMachine,
                lastTrusted,
                STEADY.toHours());
    }

    private void jumped(Instant expected, long steady) {
        plausible = false;
        lastTrusted = expected;
        steadySince = steady;
    }

    /** The trusted time. */
    @Override
    public synchronized Instant instant() {
        long sinceRead = System.nanoTime() - readNanos;
        return sinceRead < reuseNanos ? lastTrusted.plusNanos(sinceRead) : read();
    }

    private Instant read() {
        long steady = steadyNanos.getAsLong();
        Instant now = machine.instant();
        Duration passed = Duration.ofNanos(steady - lastSteady);
        boolean jumps = isFar(now, lastMachine.plus(passed));
        Instant expected = lastTrusted.plus(passed);
        lastMachine = now;
        lastSteady = steady;
        readNanos = System.nanoTime();
        if (jumps && isFar(now, expected)) {
            boolean first = plausible;
            jumped(expected, steady);
            if (first) {
                warn();
            }
        } else if (!plausible && (!isFar(now, expected) || steady - steadySince >= STEADY.toNanos())) {
            plausible = true;
            LOG.info("The machine's clock is trusted again; it says {}", now);
        }
        lastTrusted = plausible ? now : expected;
        return lastTrusted;
    }

    /**
     * The clock for timestamps: the machine's, but never before this clock, so that what happens under a clock that was set
     * back does not look old.
     */
    public Clock forRecords() {
        InstantSource records = () -> {
            Instant trusted = instant();
            Instant now = machine.instant();
            return isFar(now, trusted) && now.isBefore(trusted) ? trusted : now;
        };
        return records.withZone(ZoneOffset.UTC);
    }

    private static boolean isFar(Instant one, Instant other) {
        return Duration.between(one, other).abs().compareTo(TOLERANCE) > 0;
    }

    /** Whether the machine's clock is trusted now. */
    synchronized boolean isPlausible() {
        return plausible;
    }

    /** Starts saving the time in the data dir, which must exist. */
    public synchronized TrustedClock start() {
        if (!plausible) {
            warn();
        }
        saver.start();
        return this;
    }

    private void saveRegularly() {
        do {
            save();
        } while (saver.pause(SAVE_INTERVAL));
        save();
    }

    /** Atomic, but not flushed, because the newest change in the data dir is nearly as good. */
    void save() {
        Path temporary = file.resolveSibling(FILE + ".tmp");
        try {
            Files.writeString(temporary, instant().toString() + '\n');
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            saveFailed = false;
        } catch (NoSuchFileException e) {
            // The data dir is missing, which is reported elsewhere.
            saveFailed = true;
        } catch (IOException e) {
            if (!saveFailed) {
                LOG.warn("The time could not be saved in {}: {}", file, e.toString());
            }
            saveFailed = true;
        }
    }

    @Override
    public void close() {
        saver.close();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return ((InstantSource) () -> instant()).withZone(zone);
    }
}
