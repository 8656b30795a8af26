package tinderbox.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/** The API as a script uses it: real requests to a real server. */
public final class ApiClient {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private final Supplier<URI> base;
    private final Supplier<String> state;

    public ApiClient(TestServer server) {
        this(() -> server.uri("/"));
    }

    /** The API of a server whose address, which ends with a slash, may change when it is started again. */
    public ApiClient(Supplier<URI> base) {
        this(base, () -> "");
    }

    /**
     * The same.
     *
     * @param state how the server is, to be told beside the failure of a request that was not answered
     */
    public ApiClient(Supplier<URI> base, Supplier<String> state) {
        this.base = base;
        this.state = state;
    }

    /** Sends a request as it stands. */
    public HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(request + " was not answered. " + state.get(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A request to change. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base.get().toString() + path.substring(1)))
                .timeout(Duration.ofSeconds(90));
    }

    /** A GET whose answer is a JSON object. */
    public Map<String, Object> get(String path) {
        return json(send(request(path).build()));
    }

    /** A POST without a body whose answer is a JSON object. */
    public Map<String, Object> post(String path) {
        return json(send(request(path).POST(HttpRequest.BodyPublishers.noBody()).build()));
    }

    /** Sends a job and answers with its id. */
    public String submit(String type, Map<String, Object> params) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", type);
        body.put("params", params);
        HttpResponse<byte[]> answer = send(request("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))
                .build());
        if (answer.statusCode() != 202) {
            throw new AssertionError("refused with " + answer.statusCode() + ": " + text(answer));
        }
        return (String) json(answer).get("job_id");
    }

    /** The job as it stands. */
    public Map<String, Object> job(String id) {
        return get("/api/v1/jobs/" + id);
    }

    /** The job, once it has ended. */
    public Map<String, Object> ended(String id) {
        Map<String, Object> job = get("/api/v1/jobs/" + id + "?wait=60");
        if (job.get("finished_at") == null) {
            throw new AssertionError("the job does not end: " + job);
        }
        return job;
    }

    /** Runs a job to its end. */
    public Map<String, Object> run(String type, Map<String, Object> params) {
        return ended(submit(type, params));
    }

    /** The whole result as CSV. */
    public String csv(String id) {
        HttpResponse<byte[]> answer =
                send(request("/api/v1/jobs/" + id + "/result?format=csv").build());
        if (answer.statusCode() != 200) {
            throw new AssertionError("no result: " + text(answer));
        }
        return text(answer);
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** The answer's JSON object. */
    public static Map<String, Object> json(HttpResponse<byte[]> answer) {
        try {
            return Json.readObject(answer.body());
        } catch (MalformedJsonException e) {
            throw new AssertionError(answer.statusCode() + " " + text(answer), e);
        }
    }
}
