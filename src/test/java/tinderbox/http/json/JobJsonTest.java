package tinderbox.http.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobPage;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.JobView;
import tinderbox.job.Outcome;
import tinderbox.job.Progress;
import tinderbox.job.TextPosition;
import tinderbox.json.Json;

/** The exact bytes of a job on the wire: every field is there, also if it is null, and in the same order. */
class JobJsonTest {
    private static final JobId ID = JobId.parse("11111111-1111-4111-8111-111111111111");
    private static final JobId EARLIER = JobId.parse("22222222-2222-4222-8222-222222222222");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static final String PENDING = """
            {"job_id":"11111111-1111-4111-8111-111111111111","type":"word-count","name":"words","named":true,\
            "status":"PENDING","params":{"top":10,"filter":null},"inputs":[],"shortened":false,"labels":{},"note":null,"edited_by":null,"edited_at":null,"submitted_by":"local",\
            "submitted_at":"2026-01-01T12:00:00.000Z",\
            "started_at":null,"finished_at":null,"duration_ms":null,"queue_position":1,"attempt":0,"max_attempts":3,\
            "rerun_of":"22222222-2222-4222-8222-222222222222","run_set":null,"preset":null,"progress":null,"error":null,"error_message":null,\
            "warnings":[]""";

    private static Job job() {
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("top", 10L);
        params.put("filter", null);
        return Job.accepted(new JobRequest(
                ID, 1, "word-count", "words", true, params, List.of(), "", "local", NOON, EARLIER, null));
    }

    private static JobView pending() {
        return new JobView(job(), null, 1, null, List.of());
    }

    private static Job running() {
        return job().started(NOON.plusSeconds(1));
    }

    private static String json(Object value) {
        return new String(Json.write(value), StandardCharsets.UTF_8);
    }

    @Test
    void inAListAJobHasNoSummaryAndNoLog() {
        assertEquals(PENDING + ",\"results_path\":null}", json(JobJson.listed(pending(), 3)));
    }

    @Test
    void aloneItHasBothEvenIfThereIsNoSummary() {
        assertEquals(
                PENDING + ",\"summary\":null,\"results_path\":null,\"log_preview\":\"\"}",
                json(JobJson.detailed(pending(), 3, null, "")));
    }

    @Test
    void aSuccessHasASummaryAndAResult() {
        Job succeeded = running().ended(new Outcome.Succeeded(2), NOON.plusSeconds(3), Duration.ofSeconds(2));
        Progress progress = new Progress("counting", 1, 2, 3, 4, 5, 6L, null, null, 7, 8);
        JobView view = new JobView(succeeded, Duration.ofSeconds(2), null, progress, List.of("slow"));
        assertEquals("""
                {"job_id":"11111111-1111-4111-8111-111111111111","type":"word-count","name":"words","named":true,\
                "status":"SUCCEEDED","params":{"top":10,"filter":null},"inputs":[],"shortened":false,"labels":{},"note":null,"edited_by":null,"edited_at":null,"submitted_by":"local",\
                "submitted_at":"2026-01-01T12:00:00.000Z","started_at":"2026-01-01T12:00:01.000Z",\
                "finished_at":"2026-01-01T12:00:03.000Z","duration_ms":2000,"queue_position":null,"attempt":1,\
                "max_attempts":3,"rerun_of":"22222222-2222-4222-8222-222222222222","run_set":null,"preset":null,\
                "progress":{"phase":"counting","stages_done":1,"stages_total":2,"tasks_done":3,"tasks_running":4,\
                "tasks_total":5,"bytes_read":6,"bytes_total":null,"rows_read":null,"shuffle_read_bytes":7,\
                "shuffle_write_bytes":8},"error":null,"error_message":null,"warnings":["slow"],\
                "summary":{"rows":2},"results_path":"/api/v1/jobs/11111111-1111-4111-8111-111111111111/result",\
                "log_preview":"a\\nb"}""", json(JobJson.detailed(view, 3, Map.of("rows", 2L), "a\nb")));
    }

    @Test
    void aPageOfJobsSaysWhyOneFailed() {
        Failure failure = new Failure(ErrorCode.INPUT_NOT_FOUND, "no such file", "check the path");
        Job failed = running().ended(new Outcome.Failed(failure), NOON.plusSeconds(3), Duration.ofSeconds(2));
        JobView view = new JobView(failed, Duration.ofSeconds(2), null, null, List.of());
        Map<JobState, Long> counts = new EnumMap<>(Map.of(JobState.FAILED, 1L));
        assertEquals(
                """
                {"jobs":[{"job_id":"11111111-1111-4111-8111-111111111111","type":"word-count","name":"words","named":true,\
                "status":"FAILED","params":{"top":10,"filter":null},"inputs":[],"shortened":false,"labels":{},"note":null,"edited_by":null,"edited_at":null,"submitted_by":"local",\
                "submitted_at":"2026-01-01T12:00:00.000Z","started_at":"2026-01-01T12:00:01.000Z",\
                "finished_at":"2026-01-01T12:00:03.000Z","duration_ms":2000,"queue_position":null,"attempt":1,\
                "max_attempts":3,"rerun_of":"22222222-2222-4222-8222-222222222222","run_set":null,"preset":null,"progress":null,\
                "error":{"code":"input_not_found","message":"no such file","hint":"check the path"},\
                "error_message":"no such file","warnings":[],"results_path":null}],"total":1,"limit":50,"offset":0,\
                "counts":{"PENDING":0,"RUNNING":0,"CANCELLING":0,"SUCCEEDED":0,"FAILED":1,"CANCELLED":0},"next":"/next","after":"x"}""", json(JobJson.Page.of(new JobPage<>(List.of(view), 1, counts, 1L, 2), 50, 0, "/next", "x", 3)));
    }

    @Test
    void theErrorHasAPositionIfThereIsOne() {
        Failure failure = new Failure(ErrorCode.JOB_ERROR, "no column x", "", new TextPosition(1, 8, 4));
        Job failed = running().ended(new Outcome.Failed(failure), NOON.plusSeconds(3), Duration.ofSeconds(2));
        String json = json(JobJson.listed(new JobView(failed, Duration.ofSeconds(2), null, null, List.of()), 3));

        assertEquals(
                "{\"code\":\"job_error\",\"message\":\"no column x\",\"hint\":\"\","
                        + "\"position\":{\"line\":1,\"column\":8,\"length\":4}}",
                json.substring(json.indexOf("\"error\":") + 8, json.indexOf(",\"error_message\"")));
    }

    @Test
    void aListOfLongTextsIsCutInItsItemsToo() {
        List<String> texts = Collections.nCopies(12, "x".repeat(501));
        assertEquals(
                Collections.nCopies(10, "x".repeat(500) + "…"),
                ShortTexts.ofParams(Map.of("texts", texts)).get("texts"));
    }
}
