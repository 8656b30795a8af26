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

/** A client of the HTTP API. It fails if a response is not as {@link OpenApi} describes it. */
public final class ApiClient {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private final Supplier<URI> base;
    private final Supplier<String> state;

    public ApiClient(TestServer server) {
        this(() -> server.uri("/"));
    }

    /** For a server whose address may change after a restart; it ends with a slash. */
    public ApiClient(Supplier<URI> base) {
        this(base, () -> "");
    }

    /**
     * As above.
     *
     * @param state describes the server; added to the message if a request gets no response
     */
    public ApiClient(Supplier<URI> base, Supplier<String> state) {
        this.base = base;
        this.state = state;
    }

    public HttpResponse<byte[]> send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
            Contract.check(response);
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(request + " got no response. " + state.get(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts a request, with a timeout. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base.get().toString() + path.substring(1)))
                .timeout(Duration.ofSeconds(90));
    }

    /** Sends a GET that returns a JSON object. */
    public Map<String, Object> get(String path) {
        return json(send(request(path).build()));
    }

    /** Sends a POST without a body that returns a JSON object. */
    public Map<String, Object> post(String path) {
        return json(send(request(path).POST(HttpRequest.BodyPublishers.noBody()).build()));
    }

    /** Submits a job and returns its id. */
    public String submit(String type, Map<String, Object> params) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", type);
        body.put("params", params);
        HttpResponse<byte[]> response = send(request("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))
                .build());
        if (response.statusCode() != 202) {
            throw new AssertionError("refused with " + response.statusCode() + ": " + text(response));
        }
        return (String) json(response).get("job_id");
    }

    /** The current state of a job. */
    public Map<String, Object> job(String id) {
        return get("/api/v1/jobs/" + id);
    }

    /** Waits until a job has ended, and returns it. */
    public Map<String, Object> awaitEnd(String id) {
        Map<String, Object> job = get("/api/v1/jobs/" + id + "?wait=60");
        if (job.get("finished_at") == null) {
            throw new AssertionError("the job did not end: " + job);
        }
        return job;
    }

    /** Submits a job and waits until it has ended. */
    public Map<String, Object> run(String type, Map<String, Object> params) {
        return awaitEnd(submit(type, params));
    }

    /** The whole result as CSV. */
    public String csv(String id) {
        HttpResponse<byte[]> response =
                send(request("/api/v1/jobs/" + id + "/result?format=csv").build());
        if (response.statusCode() != 200) {
            throw new AssertionError("no result: " + text(response));
        }
        return text(response);
    }

    /** Sends a GET and returns the body as a text. */
    public String text(String path) {
        return text(send(request(path).build()));
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** The JSON object in the body of a response. */
    public static Map<String, Object> json(HttpResponse<byte[]> response) {
        try {
            return Json.readObject(response.body());
        } catch (MalformedJsonException e) {
            throw new AssertionError(response.statusCode() + " " + text(response), e);
        }
    }
}
