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

/** Small jobs, sent as clients send them, and what is known of their results. */
final class JobClient {
    private static final String TEXT = "to be or not to be\n";

    /** What a word count of the small file says. */
    static final String CSV = "word,count\nbe,2\nto,2\nnot,1\nor,1\n";

    private JobClient() {}

    /** The options of a server that has the small file; it is made in {@code base}. */
    static String[] root(Path base) {
        try {
            Path folder = Files.createDirectories(base.resolve("in"));
            Files.writeString(folder.resolve("small.txt"), TEXT);
            return new String[] {"--root", "in=" + folder};
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The body of a job that counts the words of the small file. */
    static String body(int delaySeconds) {
        return body("", delaySeconds);
    }

    /** The same, with a name. */
    static String body(String name, int delaySeconds) {
        return "{\"type\":\"word-count\",\"name\":\"" + name
                + "\",\"params\":{\"input\":\"in/small.txt\",\"delay_seconds\":" + delaySeconds + "}}";
    }

    /** Sends a job with an idempotency key, or null for none. */
    static HttpResponse<byte[]> send(ApiClient apiClient, String key, String body) {
        HttpRequest.Builder request = apiClient.request("/api/v1/jobs").header("Content-Type", "application/json");
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return apiClient.send(
                request.POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    /** Sends a job that is accepted, and answers with its id. */
    static String accepted(ApiClient apiClient, String key, int delaySeconds) {
        HttpResponse<byte[]> answer = send(apiClient, key, body(delaySeconds));
        assertEquals(202, answer.statusCode(), () -> new String(answer.body(), StandardCharsets.UTF_8));
        return id(answer);
    }

    static String id(HttpResponse<byte[]> answer) {
        return ApiClient.json(answer).get("job_id").toString();
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

    /** Every job that the lists show, newest first. */
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
