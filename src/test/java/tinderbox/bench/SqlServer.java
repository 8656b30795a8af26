package tinderbox.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import tinderbox.fault.ServerProcess;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/** A server of 1 GB of heap that answers queries, and a client of it. */
final class SqlServer implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final ServerProcess server;

    /** Starts a server; its root {@code bench} is the folder {@code inputs}. */
    SqlServer(Path dataDir, Path inputs) throws IOException {
        this.server = ServerProcess.on(dataDir)
                .withProductionJvm()
                .jvm("-Xmx1g")
                .with("--root", "bench=" + inputs)
                .start();
    }

    /** Submits a query, and returns the id of the job. */
    String submit(String query) throws IOException {
        return submit("sql", Map.of("query", query));
    }

    String submit(String type, Map<String, Object> params) throws IOException {
        byte[] body = Json.write(Map.of("type", type, "params", params));
        return send(client -> client.post("/api/v1/jobs", new String(body, StandardCharsets.US_ASCII)))
                .get("job_id")
                .toString();
    }

    /** Waits until a job has succeeded, and returns it. */
    Map<String, Object> await(String id) throws IOException {
        Map<String, Object> job;
        do {
            job = send(client -> client.get("/api/v1/jobs/" + id + "?wait=60"));
        } while (job.get("finished_at") == null);
        if (!"SUCCEEDED".equals(job.get("status"))) {
            throw new IOException("the job is " + job.get("status") + ": " + job.get("error"));
        }
        return job;
    }

    boolean isRunning(String id) throws IOException {
        return "RUNNING".equals(send(client -> client.get("/api/v1/jobs/" + id)).get("status"));
    }

    /** Runs a query until its job has succeeded, and returns the job's id. */
    String run(String query) throws IOException {
        String id = submit(query);
        await(id);
        return id;
    }

    /** Reads a result, or a page of it, to its end; {@code parameters} may be empty. */
    void result(String id, String parameters) throws IOException, InterruptedException {
        HttpRequest request = server.apiClient()
                .request("/api/v1/jobs/" + id + "/result" + parameters)
                .build();
        int status = HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status != 200) {
            throw new IOException(request + ": " + status);
        }
    }

    /** Waits until the server has next to nothing to do: a start, and what warms it up, is over. At most a minute. */
    void awaitRest() throws InterruptedException {
        Duration before = server.cpu();
        int calm = 0;
        for (int second = 0; second < 60 && calm < 2; second++) {
            Thread.sleep(1_000);
            Duration now = server.cpu();
            calm = now.minus(before).toMillis() < 100 ? calm + 1 : 0;
            before = now;
        }
    }

    private interface Exchange {
        byte[] with(HttpLoad.Client client) throws IOException;
    }

    /** On a connection of its own, because the server closes those that are idle. */
    private Map<String, Object> send(Exchange exchange) throws IOException {
        try (HttpLoad.Client client = new HttpLoad.Client(server.uri())) {
            return Json.readObject(exchange.with(client));
        } catch (MalformedJsonException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
