package tinderbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tinderbox.ServerHistory.Look;
import tinderbox.http.api.ServerInfo.Sample;

/** How busy the server was, from looks at made-up times. */
class ServerHistoryTest {
    private static final Instant START = Instant.parse("2026-01-05T12:00:00Z");

    private final ServerHistory history = new ServerHistory(null, null, true, null);

    private void look(int second, Long cpuNanos, int tasks) {
        history.add(new Look(
                START.plusSeconds(second),
                Duration.ofSeconds(second).toNanos(),
                cpuNanos,
                4,
                100L * second,
                1000,
                tasks,
                tasks > 0 ? 1 : 0,
                0));
    }

    @Test
    void aSampleHasTheMeansOfItsHalfMinute() {
        assertEquals(List.of(), history.samples());
        for (int second = 0; second < 60; second += 5) {
            // One and a half cores are busy.
            look(second, second * 1_500_000_000L, second < 15 ? 4 : 1);
        }
        List<Sample> samples = history.samples();
        assertEquals(2, samples.size());
        assertEquals(new Sample(START.plusSeconds(25), 4, 1.5, 1250, 1000, 2.5, 1, 0), samples.get(0));
        assertEquals(new Sample(START.plusSeconds(55), 4, 1.5, 4250, 1000, 1, 1, 0), samples.get(1));
    }

    @Test
    void thereAreThoseOfOneHour() {
        for (int second = 0; second <= 7200; second += 5) {
            look(second, null, 2);
        }
        List<Sample> samples = history.samples();
        assertEquals(120, samples.size());
        assertEquals(START.plusSeconds(7200), samples.get(119).at());
        assertEquals(START.plusSeconds(3655), samples.get(0).at());
        assertEquals(2, samples.get(0).coresBusy(), "on a cluster, cores that run a task");
    }

    @Test
    void theFirstLookDoesNotKnowTheCpuTimeBefore() {
        look(0, 5_000_000_000L, 0);
        assertNull(history.samples().get(0).coresBusy());
    }
}
