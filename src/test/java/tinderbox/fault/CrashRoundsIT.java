package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A few of the rounds that {@code ./run.sh soak} runs. */
class CrashRoundsIT {
    private static final int ROUNDS = 3;

    @TempDir
    Path base;

    @Test
    @Timeout(300)
    void acknowledgedJobsSurviveKills() {
        long seed = new Random().nextLong();
        CrashRounds.Totals totals = new CrashRounds(base, seed, round -> {}).run(ROUNDS);
        assertTrue(totals.passed(), () -> totals.describe() + " with seed " + seed + " " + totals.violations());
        assertTrue(totals.acknowledged() > 0, totals::describe);
    }
}
