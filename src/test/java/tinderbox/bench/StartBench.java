package tinderbox.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import tinderbox.fault.ServerProcess;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/**
 * Measures a start: from the start of the process until the server responds, accepts a job, has Spark ready, and has the
 * result of the job, which counts the sample. Each round starts every variant once, on a new data dir.
 */
final class StartBench {
    private static final int ROUNDS = 7;
    /** Polling more often would take CPU time that the start needs. */
    private static final long POLL_NANOS = Duration.ofMillis(20).toNanos();

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Map<String, List<Start>> starts = new LinkedHashMap<>();

    private StartBench() {}

    /** A command that accepts the server's options, and the value of JAVA_OPTS. */
    private record Variant(String name, List<String> command, String javaOpts) {}

    /** Times in ms since the start of the process. */
    private record Start(double responding, double accepting, double ready, double result) {}

    static void run() throws Exception {
        Path jar = ServerProcess.jar().toAbsolutePath();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String runSh = jar.resolveSibling("../run.sh").normalize().toString();
        int exitCode = new ProcessBuilder(java, "-jar", jar.toString(), "warm")
                .inheritIO()
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IllegalStateException("the archive could not be created");
        }
        List<Variant> variants = List.of(
                new Variant("java -jar, as it is", List.of(java, "-jar", jar.toString()), ""),
                // If JAVA_OPTS has such an option, run.sh does not add its own.
                new Variant("./run.sh without the archive", List.of(runSh), "-Xshare:auto"),
                new Variant("./run.sh with the archive", List.of(runSh), ""));
        StartBench bench = new StartBench();
        for (int round = 0; round < ROUNDS; round++) {
            for (Variant variant : variants) {
                bench.starts
                        .computeIfAbsent(variant.name(), name -> new ArrayList<>())
                        .add(start(variant));
            }
        }
        bench.report(variants.get(1).name(), variants.get(2).name());
    }

    private static Start start(Variant variant) throws Exception {
        Path base = Files.createTempDirectory("tinderbox-start");
        int port = freePort();
        URI home = URI.create("http://127.0.0.1:" + port + "/");
        List<String> command = new ArrayList<>(variant.command());
        command.addAll(List.of("--port", Integer.toString(port), "--data-dir", base + "/data"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(new File(base + "/output"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS", variant.javaOpts());
        long begun = System.nanoTime();
        Process process = builder.start();
        try {
            double responding = since(begun, process, () -> status(home, "livez") == 200);
            AtomicReference<String> job = new AtomicReference<>();
            double accepting = since(begun, process, () -> submit(home, job));
            double ready = since(begun, process, () -> status(home, "readyz") == 200);
            double result = since(begun, process, () -> hasStatus(home, "api/v1/jobs/" + job.get(), "SUCCEEDED"));
            return new Start(responding, accepting, ready, result);
        } finally {
            process.destroyForcibly().waitFor();
            try (Stream<Path> walk = Files.walk(base)) {
                walk.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }

    /** A port that was free a moment ago. A port that the server chooses would be known later, from its output. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static double since(long begun, Process process, BooleanSupplier reached) {
        while (!reached.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() - begun > TIMEOUT.toNanos()) {
                throw new IllegalStateException("the server exited, or did not get there in time");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return (System.nanoTime() - begun) / 1e6;
    }

    /** Submits a job; returns whether it was accepted. Before the store is open, it is not. */
    private static boolean submit(URI home, AtomicReference<String> job) {
        HttpRequest post = HttpRequest.newBuilder(home.resolve("api/v1/jobs"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            HttpResponse<byte[]> response = CLIENT.send(post, HttpResponse.BodyHandlers.ofByteArray());
            job.set((String) Json.readObject(response.body()).get("job_id"));
            return response.statusCode() == 202;
        } catch (IOException | MalformedJsonException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static int status(URI home, String path) {
        try {
            return get(home, path).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private static boolean hasStatus(URI home, String path, String status) {
        try {
            return get(home, path).body().contains("\"status\":\"" + status + '"');
        } catch (IOException e) {
            return false;
        }
    }

    private static HttpResponse<String> get(URI home, String path) throws IOException {
        try {
            return CLIENT.send(
                    HttpRequest.newBuilder(home.resolve(path)).timeout(TIMEOUT).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void report(String without, String with) {
        starts.forEach((name, all) -> print(
                "%s: first response %s, first job accepted %s, Spark ready %s, its result %s",
                name,
                spread(all.stream().map(Start::responding)),
                spread(all.stream().map(Start::accepting)),
                spread(all.stream().map(Start::ready)),
                spread(all.stream().map(Start::result))));
        print(
                "without the archive it takes %.1f, %.1f, %.1f and %.1f times as long (medians)",
                median(without, Start::responding) / median(with, Start::responding),
                median(without, Start::accepting) / median(with, Start::accepting),
                median(without, Start::ready) / median(with, Start::ready),
                median(without, Start::result) / median(with, Start::result));
        print("targets: first response 500 ms, Spark ready 2,000 ms, first result 4,000 ms");
    }

    private double median(String name, ToDoubleFunction<Start> figure) {
        return starts.get(name).stream()
                .mapToDouble(figure)
                .sorted()
                .skip(ROUNDS / 2)
                .findFirst()
                .orElseThrow();
    }

    private static String spread(Stream<Double> values) {
        List<Double> sorted = values.sorted().toList();
        return String.format(
                Locale.ROOT,
                "%,.0f ms (%,.0f to %,.0f)",
                sorted.get(sorted.size() / 2),
                sorted.get(0),
                sorted.get(sorted.size() - 1));
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
