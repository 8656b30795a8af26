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
 * The time by which things become too old: what retention deletes, how long idempotency keys hold, and when tokens
 * expire. It follows the machine's clock as long as that is plausible. If the machine's clock jumps, this one goes on as
 * if nothing had happened, by a clock that does not jump, until the machine's clock has been steady for
 * {@link #STEADY}; so a wrong clock deletes nothing and ends nothing.
 *
 * <p>A jump is a difference of more than {@link #TOLERANCE} between two looks; or at a start, a time before the last one
 * that this data dir has seen, or more than {@link #LONGEST_BREAK} after it. The file {@code clock} keeps the last time
 * seen; without it, the newest change in the data dir counts.
 */
public final class TrustedClock extends Clock implements AutoCloseable {
    /** How long a clock that has jumped must be steady before it is believed. */
    public static final Duration STEADY = Duration.ofHours(6);

    /** How much a clock may be corrected at once. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    /** How long a server may be stopped, such as over a long weekend, before its next start needs to wait. */
    static final Duration LONGEST_BREAK = Duration.ofDays(4);

    private static final Logger LOG = LoggerFactory.getLogger(TrustedClock.class);
    private static final String FILE = "clock";
    private static final List<String> CHANGED = List.of("audit/audit.jsonl", "active", "ended");
    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Duration SAVE_EVERY = Duration.ofMinutes(1);

    private final Path file;
    private final Clock machine;
    private final LongSupplier steadyNanos;
    private final long lookAgainNanos;
    private final Worker saver = new Worker("tinderbox-clock", this::saveRegularly);

    /** What both clocks said at the last look. */
    private Instant machineThen;

    private long steadyThen;
    private long lookedNanos;
    /** What this clock said then. */
    private Instant then;

    private boolean plausible = true;
    private long steadySince;
    private boolean unsaved;

    /** The clock of a data dir, which need not exist yet. Only {@link #start} writes into it. */
    public static TrustedClock of(Path dataDir, Clock machine) {
        return new TrustedClock(dataDir, machine, TrustedClock::sinceBoot, LOOK_AGAIN_NANOS);
    }

    public TrustedClock(Path dataDir, Clock machine, LongSupplier steadyNanos, long lookAgainNanos) {
        this.file = dataDir.resolve(FILE);
        this.machine = machine;
        this.steadyNanos = steadyNanos;
        this.lookAgainNanos = lookAgainNanos;
        this.machineThen = machine.instant();
        this.steadyThen = steadyNanos.getAsLong();
        this.lookedNanos = System.nanoTime();
        this.then = machineThen;
        lastSeen(dataDir).ifPresent(this::compare);
    }

    /** Nanoseconds by a clock that does not jump; on Linux one that also counts while the machine is suspended. */
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
            // Not there yet, or cut off by a crash.
            return CHANGED.stream()
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
        boolean back = machineThen.isBefore(lastSeen.minus(TOLERANCE));
        if (back || machineThen.isAfter(lastSeen.plus(LONGEST_BREAK))) {
            jumped(lastSeen, steadyThen);
        }
    }

    private void warn() {
        LOG.warn(
                "The machine's clock says {}, but {} was expected; check it. Until it has been steady for {} hours,"
                        + " nothing is deleted because it is old, and no token expires, by what it says",
                machineThen,
                then,
                STEADY.toHours());
    }

    private void jumped(Instant expected, long steady) {
        plausible = false;
        then = expected;
        steadySince = steady;
    }

    /** The trusted time. */
    @Override
    public synchronized Instant instant() {
        long sinceLook = System.nanoTime() - lookedNanos;
        return sinceLook < lookAgainNanos ? then.plusNanos(sinceLook) : look();
    }

    private Instant look() {
        long steady = steadyNanos.getAsLong();
        Instant now = machine.instant();
        Duration passed = Duration.ofNanos(steady - steadyThen);
        boolean jumps = isFar(now, machineThen.plus(passed));
        Instant expected = then.plus(passed);
        machineThen = now;
        steadyThen = steady;
        lookedNanos = System.nanoTime();
        if (jumps && isFar(now, expected)) {
            boolean first = plausible;
            jumped(expected, steady);
            if (first) {
                warn();
            }
        } else if (!plausible && (!isFar(now, expected) || steady - steadySince >= STEADY.toNanos())) {
            plausible = true;
            LOG.info("The machine's clock is believed again; it says {}", now);
        }
        then = plausible ? now : expected;
        return then;
    }

    /**
     * The time to write beside what happens: the machine's, but never before this clock's, so that what is done under a
     * clock that was set back is not taken for something old.
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

    /** Whether it follows the machine's clock. */
    synchronized boolean isPlausible() {
        return plausible;
    }

    /** Saves the time in the data dir, which must exist, until this is closed. */
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
        } while (saver.pause(SAVE_EVERY));
        save();
    }

    /** Whole or not at all; not flushed, for the newest change in the data dir does nearly as well. */
    void save() {
        Path beside = file.resolveSibling(FILE + ".tmp");
        try {
            Files.writeString(beside, instant().toString() + '\n');
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
            unsaved = false;
        } catch (NoSuchFileException e) {
            // The data dir is gone, which is reported elsewhere.
            unsaved = true;
        } catch (IOException e) {
            if (!unsaved) {
                LOG.warn("The time could not be kept in {}: {}", file, e.toString());
            }
            unsaved = true;
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
