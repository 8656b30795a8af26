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
 * From the start of a process to what users wait for: an answer, a job taken, Spark, the result of that job, which is
 * the sample. Each round starts every variant once, on a data dir that is not there yet.
 */
final class StartBench {
    private static final int ROUNDS = 7;
    /** Often enough for these figures; looking itself takes from the cores that the start needs. */
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(20).toNanos();

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Map<String, List<Start>> starts = new LinkedHashMap<>();

    private StartBench() {}

    /** How a server is started: a command that takes the server's options, and the JVM's own as run.sh takes them. */
    private record Variant(String name, List<String> command, String javaOpts) {}

    /** Times in ms since the process was started. */
    private record Start(double answer, double taken, double ready, double result) {}

    static void run() throws Exception {
        Path jar = ServerProcess.jar().toAbsolutePath();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String runSh = jar.resolveSibling("../run.sh").normalize().toString();
        int made = new ProcessBuilder(java, "-jar", jar.toString(), "warm")
                .inheritIO()
                .start()
                .waitFor();
        if (made != 0) {
            throw new IllegalStateException("no archive, nothing to compare");
        }
        List<Variant> variants = List.of(
                new Variant("java -jar, as it is", List.of(java, "-jar", jar.toString()), ""),
                // An option of this kind has run.sh leave its own away.
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
            double answer = since(begun, process, () -> status(home, "livez") == 200);
            AtomicReference<String> job = new AtomicReference<>();
            double taken = since(begun, process, () -> sent(home, job));
            double ready = since(begun, process, () -> status(home, "readyz") == 200);
            double result = since(begun, process, () -> has(home, "api/v1/jobs/" + job.get(), "SUCCEEDED"));
            return new Start(answer, taken, ready, result);
        } finally {
            process.destroyForcibly().waitFor();
            try (Stream<Path> walk = Files.walk(base)) {
                walk.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }

    /** A port that was free a moment ago; the server's own choice would be known from its output only, and later. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static double since(long begun, Process process, BooleanSupplier reached) {
        while (!reached.getAsBoolean()) {
            if (!process.isAlive() || System.nanoTime() - begun > PATIENCE.toNanos()) {
                throw new IllegalStateException("the server ended, or never got there");
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        return (System.nanoTime() - begun) / 1e6;
    }

    /** Sends a job, and answers whether it was taken: before the store is open the server says that it starts. */
    private static boolean sent(URI home, AtomicReference<String> job) {
        HttpRequest post = HttpRequest.newBuilder(home.resolve("api/v1/jobs"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            HttpResponse<byte[]> answer = CLIENT.send(post, HttpResponse.BodyHandlers.ofByteArray());
            job.set((String) Json.readObject(answer.body()).get("job_id"));
            return answer.statusCode() == 202;
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

    private static boolean has(URI home, String path, String status) {
        try {
            return get(home, path).body().contains("\"status\":\"" + status + '"');
        } catch (IOException e) {
            return false;
        }
    }

    private static HttpResponse<String> get(URI home, String path) throws IOException {
        try {
            return CLIENT.send(
                    HttpRequest.newBuilder(home.resolve(path)).timeout(PATIENCE).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void report(String without, String with) {
        starts.forEach((name, all) -> print(
                "%s: first answer %s, a job taken %s, Spark ready %s, its result %s",
                name,
                spread(all.stream().map(Start::answer)),
                spread(all.stream().map(Start::taken)),
                spread(all.stream().map(Start::ready)),
                spread(all.stream().map(Start::result))));
        print(
                "without the archive it takes %.1f, %.1f, %.1f and %.1f times as long (medians)",
                median(without, Start::answer) / median(with, Start::answer),
                median(without, Start::taken) / median(with, Start::taken),
                median(without, Start::ready) / median(with, Start::ready),
                median(without, Start::result) / median(with, Start::result));
        print("aims: first answer 500 ms, Spark ready 2,000 ms, first result 4,000 ms");
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
