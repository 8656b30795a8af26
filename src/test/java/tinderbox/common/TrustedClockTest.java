package tinderbox.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.support.ManualClock;

/** A clock that jumps, and one that does not; the test moves both. */
class TrustedClockTest {
    private static final Duration TEN_YEARS = Duration.ofDays(3652);

    @TempDir
    Path dataDir;

    private final ManualClock machine = new ManualClock();
    private final AtomicLong steady = new AtomicLong();
    private Instant real;

    @BeforeEach
    void begin() {
        real = machine.instant();
    }

    private TrustedClock clock() {
        return new TrustedClock(dataDir, machine, steady::get, 0);
    }

    /** Moves both clocks, as when real time passes. */
    private void pass(Duration time) {
        real = real.plus(time);
        machine.advance(time);
        steady.addAndGet(time.toNanos());
    }

    @Test
    void aPlausibleClockIsFollowedIncludingSmallCorrections() {
        TrustedClock clock = clock();
        for (int i = 0; i < 100; i++) {
            pass(Duration.ofDays(1));
            machine.advance(Duration.ofSeconds(i % 2 == 0 ? 200 : -200));
            assertEquals(machine.instant(), clock.instant());
        }
        assertTrue(clock.isPlausible());
    }

    @ParameterizedTest
    @ValueSource(longs = {3652, -3652, 1, -1})
    void aJumpIsNotFollowedUntilTheClockHasBeenSteadyForSixHours(long days) {
        TrustedClock clock = clock();
        pass(Duration.ofHours(1));
        clock.instant();

        machine.advance(Duration.ofDays(days));

        assertEquals(real, clock.instant());
        pass(TrustedClock.STEADY.minusSeconds(1));
        assertEquals(real, clock.instant());
        assertFalse(clock.isPlausible());
        pass(Duration.ofSeconds(1));
        assertEquals(machine.instant(), clock.instant());
        assertTrue(clock.isPlausible());
    }

    @Test
    void anotherJumpRestartsTheSixHoursAndAJumpBackEndsThem() {
        TrustedClock clock = clock();
        machine.advance(TEN_YEARS);
        assertEquals(real, clock.instant());
        pass(Duration.ofHours(5));
        machine.advance(TEN_YEARS);
        assertEquals(real, clock.instant());
        pass(Duration.ofHours(5));
        assertEquals(real, clock.instant());

        machine.advance(TEN_YEARS.multipliedBy(-2));

        assertEquals(real, clock.instant());
        assertTrue(clock.isPlausible());
    }

    @ParameterizedTest
    @ValueSource(longs = {3652, -3652, 5, -1})
    void aStartWithAWrongClockUsesTheLastTimeSeen(long days) throws Exception {
        TrustedClock before = clock();
        pass(Duration.ofHours(1));
        before.save();

        machine.advance(Duration.ofDays(days));
        TrustedClock after = clock();
        assertEquals(real, after.instant());
        after.save();
        TrustedClock again = clock();

        assertEquals(real, again.instant(), "a second start does not trust it either");
        pass(TrustedClock.STEADY);
        assertEquals(machine.instant(), again.instant());
    }

    @Test
    void timestampsFollowAClockSetForwardButNotOneSetBack() {
        TrustedClock clock = clock();
        clock.instant();
        machine.advance(TEN_YEARS.negated());
        assertEquals(real, clock.forRecords().instant());
        machine.advance(TEN_YEARS.multipliedBy(2));
        assertEquals(machine.instant(), clock.forRecords().instant());
        assertEquals(real, clock.instant());
    }

    @Test
    void aLongWeekendIsNotAJump() {
        clock().save();
        pass(Duration.ofDays(4));
        assertEquals(real, clock().instant());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2026-13-01"})
    void withoutAFileTheNewestChangeCounts(String damaged) throws Exception {
        assertTrue(clock().isPlausible(), "a new data dir knows no time");
        Files.writeString(dataDir.resolve("clock"), damaged);
        Path ended = Files.createDirectory(dataDir.resolve("ended"));
        Files.setLastModifiedTime(ended, FileTime.from(real));

        machine.advance(TEN_YEARS);

        assertEquals(real, clock().instant());
    }
}
