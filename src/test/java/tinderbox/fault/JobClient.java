package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tinderbox.support.ApiClient;

/** Submits small word counts over HTTP. */
final class JobClient {
    private static final String TEXT = "to be or not to be\n";

    /** The result of a word count of the small file. */
    static final String CSV = "word,count\nbe,2\nto,2\nnot,1\nor,1\n";

    private JobClient() {}

    /** Creates the small file in {@code base}; returns the option that makes it a dataset. */
    static String[] rootOption(Path base) {
        try {
            Path folder = Files.createDirectories(base.resolve("in"));
            Files.writeString(folder.resolve("small.txt"), TEXT);
            return new String[] {"--root", "in=" + folder};
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The request body of a word count of the small file. */
    static String body(int delaySeconds) {
        return body("", delaySeconds);
    }

    /** As above, with a name for the job. */
    static String body(String name, int delaySeconds) {
        return "{\"type\":\"word-count\",\"name\":\"" + name
                + "\",\"params\":{\"input\":\"in/small.txt\",\"delay_seconds\":" + delaySeconds + "}}";
    }

    /** Submits a job; {@code key} is an idempotency key or null. */
    static HttpResponse<byte[]> submit(ApiClient apiClient, String key, String body) {
        HttpRequest.Builder request = apiClient.request("/api/v1/jobs").header("Content-Type", "application/json");
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return apiClient.send(
                request.POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    /** Submits a job that must be accepted; returns its id. */
    static String submitAccepted(ApiClient apiClient, String key, int delaySeconds) {
        HttpResponse<byte[]> response = submit(apiClient, key, body(delaySeconds));
        assertEquals(202, response.statusCode(), () -> new String(response.body(), StandardCharsets.UTF_8));
        return id(response);
    }

    static String id(HttpResponse<byte[]> response) {
        return ApiClient.json(response).get("job_id").toString();
    }

    static int cancel(ApiClient apiClient, String id) {
        return apiClient
                .send(apiClient
                        .request("/api/v1/jobs/" + id + "/cancel")
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build())
                .statusCode();
    }

    static int delete(ApiClient apiClient, String id) {
        return apiClient
                .send(apiClient.request("/api/v1/jobs/" + id).DELETE().build())
                .statusCode();
    }

    static int status(ApiClient apiClient, String path) {
        return apiClient.send(apiClient.request(path).build()).statusCode();
    }

    static Object state(ApiClient apiClient, String id) {
        return apiClient.job(id).get("status");
    }

    /** All listed jobs, newest first. */
    static List<Map<?, ?>> list(ApiClient apiClient) {
        List<Map<?, ?>> all = new ArrayList<>();
        while (true) {
            Map<String, Object> page = apiClient.get("/api/v1/jobs?limit=500&offset=" + all.size());
            List<?> jobs = (List<?>) page.get("jobs");
            jobs.forEach(job -> all.add((Map<?, ?>) job));
            if (jobs.isEmpty() || all.size() >= (Long) page.get("total")) {
                return all;
            }
        }
    }
}
