package tinderbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.dataset.InputLimits;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.dispatch.Attempt;
import tinderbox.jobtype.JobTypes;
import tinderbox.store.DataDir;
import tinderbox.support.FakeRunner;
import tinderbox.support.TestDatasets;

class WarmUpTest {
    @TempDir
    private Path folder;

    private final FakeRunner runner = new FakeRunner();
    private DataDir dataDir;
    private Path scratch;
    private JobTypes types;

    @BeforeEach
    void open() throws Exception {
        dataDir = DataDir.open(folder.resolve("data"));
        scratch = dataDir.path().resolve("warm-up");
        Path samples = dataDir.path().resolve("samples");
        SampleData.extract(samples);
        types = new JobTypes(
                TestDatasets.of(Map.of("samples", samples), new InputLimits(1 << 30, 200)), JobTypes.builtIn());
    }

    @AfterEach
    void close() {
        dataDir.close();
    }

    private WarmUp start(boolean idle) {
        WarmUp warmUp = new WarmUp(dataDir, runner, types, Clock.systemUTC(), () -> idle);
        warmUp.start();
        return warmUp;
    }

    @Test
    void countsTheSampleBookInItsOwnFolder() throws Exception {
        WarmUp warmUp = start(true);
        Attempt attempt = runner.next().attempt();
        warmUp.close();
        assertEquals("samples/moby-dick.txt", attempt.job().request().params().get("input"));
        assertEquals(scratch, attempt.folder());
        assertTrue(Files.isDirectory(scratch));
    }

    @Test
    void runsQueriesThen() throws Exception {
        WarmUp warmUp = start(true);
        runner.next().attempt().succeeded(null, null);
        Attempt first = runner.next().attempt();
        assertEquals("sql", first.job().request().type());
        assertEquals(List.of("samples/air/airports.csv"), first.job().request().inputs());
        first.succeeded(null, null);
        Attempt attempt = runner.next().attempt();
        warmUp.close();
        assertEquals("sql", attempt.job().request().type());
        attempt.succeeded(null, null);
        assertFalse(Files.exists(scratch));
    }

    @Test
    void leavesNothingBehindIfItSucceeds() throws Exception {
        assertLeavesNothing(attempt -> attempt.succeeded(null, null));
    }

    @Test
    void leavesNothingBehindIfItFails() throws Exception {
        assertLeavesNothing(attempt -> attempt.failed(new Failure(ErrorCode.JOB_ERROR, "it failed", ""), null));
    }

    @Test
    void leavesNothingBehindIfTheServerStops() throws Exception {
        assertLeavesNothing(Attempt::lost);
    }

    private void assertLeavesNothing(Consumer<Attempt> end) throws Exception {
        Files.createDirectories(scratch.resolve("left by a crash"));
        WarmUp warmUp = start(true);
        Attempt attempt = runner.next().attempt();
        warmUp.close();
        end.accept(attempt);
        assertFalse(Files.exists(scratch));
    }

    @Test
    void doesNothingIfAJobWaits() throws Exception {
        start(false).close();
        assertFalse(runner.hasNext());
        assertFalse(Files.exists(scratch));
    }

    @Test
    void doesNothingIfSparkNeverStarts() throws Exception {
        runner.notReadyOnce();
        start(true).close();
        assertFalse(runner.hasNext());
    }
}
