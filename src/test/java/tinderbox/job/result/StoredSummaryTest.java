package tinderbox.job.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tinderbox.support.ApiClient;
import tinderbox.support.LambdaJob;
import tinderbox.support.TestServer;

/** What job types return as their summary. */
class StoredSummaryTest {
    private final ApiClient apiClient = new ApiClient(TestServer.shared());

    private Map<?, ?> errorOf(LambdaJob.Body body) {
        Map<String, Object> job = LambdaJob.run(apiClient, body);
        assertEquals("FAILED", job.get("status"), job::toString);
        return (Map<?, ?>) job.get("error");
    }

    private void isRefused(String why, LambdaJob.Body body) {
        Map<?, ?> error = errorOf(body);
        assertEquals("job_error", error.get("code"), error::toString);
        assertTrue(error.get("message").toString().contains(why), error::toString);
    }

    private static Map<String, Object> withoutName() {
        Map<String, Object> summary = new HashMap<>();
        summary.put(null, 1L);
        return summary;
    }

    @Test
    void aSummaryThatCannotBeStoredFailsTheJobAndSaysWhy() {
        isRefused("returned no summary", context -> null);
        isRefused("summary of the result cannot be stored", context -> withoutName());
        isRefused("summary of the result cannot be stored", context -> Map.of("half", "\ud800"));
        isRefused("summary of the result cannot be stored", context -> Map.of("object", new Object()));
        isRefused("name of a column cannot be stored", context -> {
            context.result(List.of(Column.integer("half \ud800")));
            return Map.of();
        });
    }

    @Test
    void aSummaryThatIsTooLargeFailsTheJob() {
        assertEquals(
                "limit_exceeded",
                errorOf(context -> Map.of("text", "x".repeat(1 << 20))).get("code"));
    }

    @Test
    void aLargeSummaryIsShown() {
        Map<String, Object> job = LambdaJob.run(apiClient, context -> Map.of("text", "x".repeat(1_000_000)));
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        assertEquals(
                1_000_000,
                ((Map<?, ?>) job.get("summary")).get("text").toString().length());
    }
}
