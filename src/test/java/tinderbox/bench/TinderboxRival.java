package tinderbox.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tinderbox.fault.ServerProcess;
import tinderbox.support.ApiClient;

/** The word count of a Tinderbox server, from the POST until a client knows that the job has succeeded. */
final class TinderboxRival implements Rival, AutoCloseable {
    private static final int MAX_WAITS = 20;

    private final ServerProcess server;
    private final ApiClient apiClient;
    private String last;

    /** Starts a server with these JVM options, and those in {@code JAVA_OPTS}, which come last. */
    TinderboxRival(Path dataDir, Path inputs, String... jvm) {
        this(dataDir, inputs, List.of(jvm), List.of());
    }

    private TinderboxRival(Path dataDir, Path inputs, List<String> jvm, List<String> options) {
        String javaOpts = System.getenv().getOrDefault("JAVA_OPTS", "").strip();
        List<String> jvmOptions = new ArrayList<>(jvm);
        if (!javaOpts.isEmpty()) {
            jvmOptions.addAll(List.of(javaOpts.split("\\s+")));
        }
        this.server = ServerProcess.on(dataDir)
                .withProductionJvm()
                .jvm(jvmOptions.toArray(String[]::new))
                // In local mode a URI is a path, and on a cluster a folder that the workers see too.
                .with("--root", "bench=" + inputs.toUri())
                .with(options.toArray(String[]::new))
                .start();
        this.apiClient = server.apiClient();
    }

    /** Starts a server of 1 GB of heap with these options. */
    static TinderboxRival with(Path dataDir, Path inputs, String... options) {
        return new TinderboxRival(dataDir, inputs, List.of("-Xmx1g"), List.of(options));
    }

    @Override
    public String name() {
        return "Tinderbox, POST to SUCCEEDED";
    }

    @Override
    public void count(Path input, Path output) throws IOException {
        last = submit(input);
        await(last);
    }

    /** Submits a job and returns its id. */
    String submit(Path input) {
        return apiClient.submit("word-count", Map.of("input", "bench/" + input.getFileName()));
    }

    /** Waits until a job has succeeded. */
    void await(String id) throws IOException {
        Map<String, Object> job = Map.of();
        for (int i = 0; i < MAX_WAITS && job.get("finished_at") == null; i++) {
            job = apiClient.get("/api/v1/jobs/" + id + "?wait=60");
        }
        if (!"SUCCEEDED".equals(job.get("status"))) {
            throw new IOException("the job is " + job.get("status") + ": " + job.get("error"));
        }
    }

    Object state(String id) {
        return apiClient.job(id).get("status");
    }

    @Override
    public Optional<Path> rows(Path output, Path csv) throws IOException {
        try {
            HttpResponse<Path> response = HttpClient.newHttpClient()
                    .send(
                            apiClient
                                    .request("/api/v1/jobs/" + last + "/result?format=csv")
                                    .build(),
                            HttpResponse.BodyHandlers.ofFile(csv));
            if (response.statusCode() != 200) {
                throw new IOException("no result: " + response.statusCode());
            }
            return Optional.of(csv);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void deleteOutput(Path output) {
        if (last != null) {
            delete(last);
        }
    }

    /** Deletes an ended job with its result. */
    void delete(String id) {
        apiClient.send(apiClient.request("/api/v1/jobs/" + id).DELETE().build());
    }

    Map<String, Object> lastJob() {
        return apiClient.job(last);
    }

    /** The stages of the last job, in the order of their numbers. */
    List<Map<String, Object>> lastStages() {
        return ((List<?>) apiClient.get("/api/v1/jobs/" + last + "/stages").get("stages"))
                .stream()
                        .map(TinderboxRival::asMap)
                        .sorted(Comparator.comparing(stage -> (Long) stage.get("stage_id")))
                        .toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(Object json) {
        return (Map<String, Object>) json;
    }

    ServerProcess process() {
        return server;
    }

    @Override
    public void close() {
        server.close();
    }
}
