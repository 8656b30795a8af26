package tinderbox.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/**
 * Creates a {@link CdsArchive}: starts a server as users do, with a temporary data dir, sends it the requests of a first
 * user, and stops it. The archive contains the classes that the server has loaded by then. The server runs in another JVM
 * because the options must be given when it starts.
 */
final class CdsTrainer {
    private static final String AT = "Tinderbox is at ";
    private static final int UNSAFE_WARNS_SINCE = 24;
    private static final int MAX_OUTPUT_LINES = 50;

    /** Many times what a step takes, for slow and busy machines. */
    private static final Duration STEP_LIMIT = Duration.ofMinutes(5);

    private static final String FOLDER = "tinderbox-warm";
    private static final String LOCK = "lock";
    private static final String EVENTS = "api/v1/events";

    private static final String QUERY = """
            SELECT a.state, count(*) AS airports, avg(a.latitude) AS latitude
            FROM `samples/air/airports.csv` a JOIN range(10) n ON a.longitude > n.id
            GROUP BY a.state ORDER BY airports DESC LIMIT 10""";

    private final CdsArchive cdsArchive;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Deque<String> output = new ArrayDeque<>();
    private final CompletableFuture<URI> serverUrl = new CompletableFuture<>();

    private CdsTrainer(CdsArchive cdsArchive) {
        this.cdsArchive = cdsArchive;
    }

    /**
     * Creates the archive; it appears complete or not at all. Only one process at a time creates one in a folder:
     * otherwise, starts in close succession would all do so.
     *
     * @return the file
     * @throws IOException if that fails, or another process is creating one; the message is for the user
     */
    static Path run(CdsArchive cdsArchive) throws IOException, InterruptedException {
        // In the folder of the archive, so that a rename can move the file there.
        Path folder = cdsArchive.folder().resolve(FOLDER);
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            // Another process is creating one, or was killed while it did; the lock tells which.
        }
        try (FileChannel lock =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (lock.tryLock() == null) {
                throw new IOException("another process is creating one in " + folder + "; try again when it is done");
            }
            try {
                Optional<Path> found = cdsArchive.find();
                return found.isPresent() ? found.get() : create(cdsArchive, folder);
            } finally {
                delete(folder);
            }
        }
    }

    private static Path create(CdsArchive cdsArchive, Path folder) throws IOException, InterruptedException {
        // A crash may have left another; it is deleted together with this one.
        Path temporary = Files.createTempDirectory(folder, "");
        Path created = temporary.resolve("archive");
        new CdsTrainer(cdsArchive).train(temporary, created);
        try (FileChannel channel = FileChannel.open(created)) {
            channel.force(true);
        }
        return Files.move(created, cdsArchive.fileOf(Files.size(created)), StandardCopyOption.ATOMIC_MOVE);
    }

    private void train(Path temporary, Path created) throws IOException, InterruptedException {
        Path data = temporary.resolve("data");
        Process server = start(data, created);
        Thread reader = new Thread(() -> read(server), "tinderbox-warm-output");
        reader.setDaemon(true);
        reader.start();
        // In case the user ends this process. The folder around stays: another process may be using it by then.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, temporary), "tinderbox-warm-end"));
        try {
            exercise(serverUrl.get(STEP_LIMIT.toSeconds(), TimeUnit.SECONDS));
            // Process.destroy() would close the streams, and a JVM that cannot print does not write the archive.
            server.toHandle().destroy();
            if (!server.waitFor(STEP_LIMIT.toSeconds(), TimeUnit.SECONDS)
                    || server.exitValue() != 0
                    || !Files.exists(created)) {
                throw new IOException("the server exited without writing an archive:\n" + output());
            }
        } catch (ExecutionException | TimeoutException | MalformedJsonException e) {
            throw new IOException("the server did not work as expected:\n" + output(), e);
        } finally {
            end(server, data);
        }
    }

    private static void end(Process server, Path folder) {
        try {
            server.destroyForcibly().waitFor(STEP_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        delete(folder);
    }

    private Process start(Path data, Path archive) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(CdsArchive.optionsToCreate(archive));
        if (Runtime.version().feature() >= UNSAFE_WARNS_SINCE) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of("-jar", cdsArchive.jar().toString(), "serve"));
        command.addAll(List.of("--port", "0", "--data-dir", data.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // The user's settings are not for this server.
        builder.environment().keySet().removeIf(name -> name.startsWith("TINDERBOX_"));
        Process server = builder.start();
        if (!server.supportsNormalTermination()) {
            server.destroyForcibly();
            throw new IOException("this system cannot ask a process to stop, which is needed to write an archive");
        }
        return server;
    }

    private void read(Process server) {
        try (BufferedReader lines = server.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                store(line);
                if (line.startsWith(AT)) {
                    serverUrl.complete(URI.create(line.substring(AT.length())));
                }
            }
        } catch (IOException e) {
            store(e.toString());
        }
        serverUrl.completeExceptionally(new IOException("the server did not start"));
    }

    private synchronized void store(String line) {
        if (output.size() == MAX_OUTPUT_LINES) {
            output.removeFirst();
        }
        output.addLast(line);
    }

    private synchronized String output() {
        return String.join("\n", output);
    }

    /** Requests the page, and runs a job and requests everything about it. */
    private void exercise(URI home) throws IOException, InterruptedException, MalformedJsonException {
        for (String path : List.of("", "api/v1/server", "api/v1/job-types", "api/v1/datasets?path=samples/")) {
            get(home, path);
        }
        listen(home);
        run(home, Map.of("type", "sql", "params", Map.of("query", QUERY)));
        String job = run(home, Map.of("type", "word-count"));
        for (String part : List.of("", "/log?from=0", "/result?limit=100", "/result?format=csv", "/stages")) {
            get(home, job + part);
        }
        for (String path : List.of("api/v1/jobs", "readyz?verbose", "metrics")) {
            get(home, path);
        }
    }

    /** Runs a job, and returns its path. */
    private String run(URI home, Map<String, Object> job)
            throws IOException, InterruptedException, MalformedJsonException {
        HttpResponse<byte[]> accepted = send(
                request(home, "api/v1/jobs")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(job))),
                HttpResponse.BodyHandlers.ofByteArray());
        String path = "api/v1/jobs/" + Json.readObject(accepted.body()).get("job_id");
        long deadline = System.nanoTime() + STEP_LIMIT.toNanos();
        while (Json.readObject(get(home, path + "?wait=60")).get("finished_at") == null) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the job does not finish:\n" + output());
            }
        }
        return path;
    }

    /** Opens the event stream, as the page does, and reads its first line. */
    private void listen(URI home) throws IOException, InterruptedException {
        try (Stream<String> lines =
                send(request(home, EVENTS), HttpResponse.BodyHandlers.ofLines()).body()) {
            if (lines.findFirst().isEmpty()) {
                throw new IOException("the event stream ended");
            }
        }
    }

    private byte[] get(URI home, String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = send(request(home, path), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException("/" + path + " was answered with status " + response.statusCode() + ":\n" + output());
        }
        return response.body();
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        try {
            return client.send(request.build(), handler);
        } catch (IOException e) {
            throw new IOException("the server does not respond:\n" + output(), e);
        }
    }

    private static HttpRequest.Builder request(URI home, String path) {
        return HttpRequest.newBuilder(home.resolve(path)).timeout(STEP_LIMIT);
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // It is temporary, and its name says what it was for.
        }
    }
}
