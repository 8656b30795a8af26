package tinderbox.store.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.Outcome;
import tinderbox.job.TextPosition;

class OutcomeFileTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final JobRequest REQUEST = new JobRequest(
            JobId.random(), 1, "word-count", "a job", true, Map.of(), List.of(), "", "local", NOON, null, null);

    private static Job ended(List<String> warnings) {
        return Job.accepted(REQUEST)
                .started(NOON)
                .ended(new Outcome.Succeeded(3), NOON.plusSeconds(1), Duration.ofSeconds(1), warnings);
    }

    @Test
    void warningsAreStored() throws Exception {
        Job ended = ended(List.of("Passed over: a.lz4", "Passed over: b.lz4"));
        assertEquals(ended, OutcomeFile.read(REQUEST, OutcomeFile.write(ended)));
    }

    @Test
    void aFileOfAnOlderServerHasNoWarnings() throws Exception {
        String json = new String(OutcomeFile.write(ended(List.of())), StandardCharsets.UTF_8);
        String older = json.replaceFirst(",\"warnings\":\\[\\]", "");
        assertEquals(false, older.contains("warnings"), json);
        assertEquals(ended(List.of()), OutcomeFile.read(REQUEST, older.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theFailureKeepsItsPosition() throws Exception {
        Failure failure = new Failure(ErrorCode.JOB_ERROR, "no such column", "see line 2", new TextPosition(2, 8, 4));
        Job failed = Job.accepted(REQUEST).started(NOON).ended(new Outcome.Failed(failure), NOON, Duration.ZERO);

        assertEquals(failed, OutcomeFile.read(REQUEST, OutcomeFile.write(failed)));
    }

    @Test
    void aFailureOfAnOlderServerHasNoPosition() throws Exception {
        Job failed = Job.accepted(REQUEST)
                .started(NOON)
                .ended(new Outcome.Failed(new Failure(ErrorCode.JOB_ERROR, "why", "so")), NOON, Duration.ZERO);
        String json = new String(OutcomeFile.write(failed), StandardCharsets.UTF_8);
        String older = json.replaceFirst(",\"position\":null", "");
        assertEquals(false, older.contains("position"), json);

        assertEquals(failed, OutcomeFile.read(REQUEST, older.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void unknownMembersAreIgnored() throws Exception {
        String json = new String(OutcomeFile.write(ended(List.of())), StandardCharsets.UTF_8);
        String later = json.replaceFirst("}$", ",\"later\":[{\"a\":[1,\"}\"]}]}");
        assertEquals(ended(List.of()), OutcomeFile.read(REQUEST, later.getBytes(StandardCharsets.UTF_8)));
    }
}
