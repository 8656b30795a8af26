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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/**
 * Makes an {@link CdsArchive}: starts a server as users do, in a JVM of its own (none can give itself the options) and on
 * a data dir of its own, asks it for what a first user asks for, and stops it. What the server has loaded until then is
 * in the archive.
 */
final class CdsTrainer {
    private static final String AT = "Tinderbox is at ";
    private static final int UNSAFE_WARNS_SINCE = 24;
    private static final int KEPT_LINES = 50;

    /** Many times what it takes, for machines that are slow and busy. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final String FOLDER = "tinderbox-warm";
    private static final String LOCK = "lock";
    private static final String EVENTS = "api/v1/events";

    private final CdsArchive cdsArchive;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Deque<String> output = new ArrayDeque<>();
    private final CompletableFuture<URI> served = new CompletableFuture<>();

    private CdsTrainer(CdsArchive cdsArchive) {
        this.cdsArchive = cdsArchive;
    }

    /**
     * Makes the archive; it appears whole or not at all. One process makes one at a time in a folder: starts that follow
     * each other closely find no archive yet, and would all make one.
     *
     * @return the file
     * @throws IOException where that does not succeed, or another process makes one; its message is for the user
     */
    static Path run(CdsArchive cdsArchive) throws IOException, InterruptedException {
        // Beside the archive, so that a rename moves it there.
        Path folder = cdsArchive.folder().resolve(FOLDER);
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            // Another process makes one, or was ended in the middle of it; the lock tells which.
        }
        try (FileChannel lock =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (lock.tryLock() == null) {
                throw new IOException("another process is making one in " + folder + "; try again when it is done");
            }
            try {
                Optional<Path> found = cdsArchive.find();
                return found.isPresent() ? found.get() : make(cdsArchive, folder);
            } finally {
                delete(folder);
            }
        }
    }

    private static Path make(CdsArchive cdsArchive, Path folder) throws IOException, InterruptedException {
        // Where the machine went down in the middle of this, another is left; it goes with this one.
        Path own = Files.createTempDirectory(folder, "");
        Path made = own.resolve("archive");
        new CdsTrainer(cdsArchive).train(own, made);
        try (FileChannel channel = FileChannel.open(made)) {
            channel.force(true);
        }
        return Files.move(made, cdsArchive.fileOf(Files.size(made)), StandardCopyOption.ATOMIC_MOVE);
    }

    private void train(Path own, Path made) throws IOException, InterruptedException {
        Path data = own.resolve("data");
        Process server = start(data, made);
        Thread reader = new Thread(() -> read(server), "tinderbox-warm-output");
        reader.setDaemon(true);
        reader.start();
        // Where the user ends this process. Not the folder around it, in which another may be at work by then.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, own), "tinderbox-warm-end"));
        try {
            use(served.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
            // Not by the process itself: that closes its streams, and a JVM that cannot write writes no archive.
            server.toHandle().destroy();
            if (!server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    || server.exitValue() != 0
                    || !Files.exists(made)) {
                throw new IOException("the server ended without an archive:\n" + told());
            }
        } catch (ExecutionException | TimeoutException | MalformedJsonException e) {
            throw new IOException("the server did not do what it was asked to:\n" + told(), e);
        } finally {
            end(server, data);
        }
    }

    private static void end(Process server, Path folder) {
        try {
            server.destroyForcibly().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        delete(folder);
    }

    private Process start(Path data, Path made) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(CdsArchive.makingOptions(made));
        if (Runtime.version().feature() >= UNSAFE_WARNS_SINCE) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of("-jar", cdsArchive.jar().toString(), "serve"));
        command.addAll(List.of("--port", "0", "--data-dir", data.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // The user's settings are for the user's server.
        builder.environment().keySet().removeIf(name -> name.startsWith("TINDERBOX_"));
        Process server = builder.start();
        if (!server.supportsNormalTermination()) {
            server.destroyForcibly();
            throw new IOException("this system cannot ask a process to stop, and only then is an archive written");
        }
        return server;
    }

    private void read(Process server) {
        try (BufferedReader lines = server.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                keep(line);
                if (line.startsWith(AT)) {
                    served.complete(URI.create(line.substring(AT.length())));
                }
            }
        } catch (IOException e) {
            keep(e.toString());
        }
        served.completeExceptionally(new IOException("the server did not start"));
    }

    private synchronized void keep(String line) {
        if (output.size() == KEPT_LINES) {
            output.removeFirst();
        }
        output.addLast(line);
    }

    private synchronized String told() {
        return String.join("\n", output);
    }

    /** The page, then a job with all that is shown of it. */
    private void use(URI home) throws IOException, InterruptedException, MalformedJsonException {
        for (String path : List.of("", "api/v1/server", "api/v1/job-types", "api/v1/datasets?path=samples/")) {
            get(home, path);
        }
        HttpResponse<byte[]> accepted = send(
                request(home, "api/v1/jobs").POST(HttpRequest.BodyPublishers.noBody()),
                HttpResponse.BodyHandlers.ofByteArray());
        String job = "api/v1/jobs/" + Json.readObject(accepted.body()).get("job_id");
        listen(home);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (Json.readObject(get(home, job + "?wait=60")).get("finished_at") == null) {
            if (System.nanoTime() > deadline) {
                throw new IOException("the job does not end:\n" + told());
            }
        }
        for (String part : List.of("", "/log?from=0", "/result?limit=100", "/result?format=csv", "/stages")) {
            get(home, job + part);
        }
        for (String path : List.of("api/v1/jobs", "readyz?verbose")) {
            get(home, path);
        }
    }

    /** Opens the event stream, as the page does, until its first line. */
    private void listen(URI home) throws IOException, InterruptedException {
        try (Stream<String> lines =
                send(request(home, EVENTS), HttpResponse.BodyHandlers.ofLines()).body()) {
            if (lines.findFirst().isEmpty()) {
                throw new IOException("the event stream ended");
            }
        }
    }

    private byte[] get(URI home, String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = send(request(home, path), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException("/" + path + " was answered with " + answer.statusCode() + ":\n" + told());
        }
        return answer.body();
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        try {
            return client.send(request.build(), handler);
        } catch (IOException e) {
            throw new IOException("the server no longer answers:\n" + told(), e);
        }
    }

    private static HttpRequest.Builder request(URI home, String path) {
        return HttpRequest.newBuilder(home.resolve(path)).timeout(PATIENCE);
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
            // It is a temporary one, and is named so that whoever finds it knows what it was.
        }
    }
}
