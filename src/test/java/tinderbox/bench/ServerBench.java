package tinderbox.bench;

import io.undertow.Undertow;
import io.undertow.util.Headers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.awaitility.Awaitility;
import tinderbox.fault.ServerProcess;
import tinderbox.fault.Soak;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;
import tinderbox.store.JobHistory;
import tinderbox.support.ApiClient;

/**
 * Measures the server without Spark's share: accepting, running a job that does nothing, reading a job, a list, a log
 * and a result. The disk and a bare Undertow are measured in the same run, because machines and their load differ.
 */
final class ServerBench {
    static final int JOBS = 1_000_000;
    private static final int ROWS = 1_000_000;
    private static final int LINES = 1_000_000;
    private static final int REQUEST_BYTES = 500;
    private static final Duration DURATION = Duration.ofSeconds(5);
    /** By then the JIT compiler has finished with the code that accepts jobs. */
    private static final Duration ACCEPT_WARM_UP = Duration.ofSeconds(45);

    /** The same for whole lives, which execute more code less often. */
    private static final Duration LIFE_WARM_UP = Duration.ofSeconds(90);

    private static final Map<String, Object> PARAMS = Map.of("input", "samples/moby-dick.txt");

    private ServerBench() {}

    static void run(int jobs) throws Exception {
        Path base = Files.createTempDirectory("tinderbox-bench");
        try {
            Disk disk = disk(base.resolve("disk"));
            accepting(base.resolve("accepts"), disk);
            jobLives(base.resolve("lives"), disk);
            history(base.resolve("archive"), jobs);
        } finally {
            Soak.delete(base);
        }
    }

    /** Durable writes per second without a server. */
    private record Disk(double folders, double rows) {
        String times(double perSecond) {
            return String.format(
                    Locale.ROOT, "%.2f of the folders, %.2f of the rows", perSecond / folders, perSecond / rows);
        }
    }

    /**
     * Measures durable folders, each as for an accepted job, and durable rows of the same size in an HSQLDB, each in its
     * own transaction.
     */
    private static Disk disk(Path base) throws Exception {
        Files.createDirectories(base);
        byte[] request = new byte[REQUEST_BYTES];
        // The clients of the bare server send nothing; they are only threads with a clock.
        try (BareServer bareServer = new BareServer(new byte[0]);
                DurableRows rows = new DurableRows(base.resolve("rows"))) {
            HttpLoad.Figures folders = warm(bareServer.uri(), 16, DURATION, client -> writeDurably(base, request));
            print("durable folders without a server, 16 threads", "%s", describe(folders));
            HttpLoad.Figures inserts = warm(bareServer.uri(), 16, DURATION, client -> rows.insert(request));
            print("durable rows in an HSQLDB, 16 threads", "%s", describe(inserts));
            return new Disk(folders.perSecond(), inserts.perSecond());
        }
    }

    /** An HSQLDB that inserts each row in its own, durable transaction. */
    private static final class DurableRows implements AutoCloseable {
        private final String url;
        private final ConcurrentMap<Thread, PreparedStatement> inserts = new ConcurrentHashMap<>();

        DurableRows(Path file) throws SQLException {
            url = "jdbc:hsqldb:file:" + file + ";hsqldb.write_delay=false;hsqldb.tx=mvcc;hsqldb.lock_file=false";
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE CACHED TABLE job (id CHAR(36) PRIMARY KEY, request VARBINARY(1000))");
            }
        }

        void insert(byte[] request) throws IOException {
            try {
                PreparedStatement insert = inserts.computeIfAbsent(Thread.currentThread(), thread -> prepare());
                insert.setString(1, UUID.randomUUID().toString());
                insert.setBytes(2, request);
                insert.executeUpdate();
            } catch (SQLException e) {
                throw new IOException(e);
            }
        }

        private PreparedStatement prepare() {
            try {
                return DriverManager.getConnection(url).prepareStatement("INSERT INTO job VALUES (?, ?)");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws SQLException {
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute("SHUTDOWN IMMEDIATELY");
            }
        }
    }

    private static HttpLoad.Figures warm(URI server, int clients, Duration warmUp, HttpLoad.Step step)
            throws Exception {
        HttpLoad.run(server, clients, warmUp, step);
        return HttpLoad.run(server, clients, DURATION.multipliedBy(2), step);
    }

    private static String describe(HttpLoad.Figures figures) {
        return String.format(
                Locale.ROOT,
                "%.0f/s, p50 %s ms, p99 %s ms",
                figures.perSecond(),
                figures.percentile(50),
                figures.percentile(99));
    }

    private static void writeDurably(Path base, byte[] content) throws IOException {
        Path folder = Files.createDirectory(base.resolve(UUID.randomUUID().toString()));
        Path temporary = folder.resolve("request.json.tmp");
        try (FileChannel file = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(content));
            file.force(true);
        }
        Files.move(temporary, folder.resolve("request.json"), StandardCopyOption.ATOMIC_MOVE);
        for (Path changed : List.of(folder, base)) {
            try (FileChannel names = FileChannel.open(changed, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }

    /** One job occupies the only slot, so that the server only accepts. */
    private static void accepting(Path dataDir, Disk disk) throws Exception {
        try (ServerProcess server = ServerProcess.on(dataDir)
                .with("--max-running", "1", "--max-queued", "1000000")
                .withProductionJvm()
                .start()) {
            ApiClient apiClient = server.apiClient();
            String holder =
                    apiClient.submit("word-count", Map.of("input", "samples/moby-dick.txt", "delay_seconds", 60L));
            // Spark needs the cores while it starts.
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> "RUNNING".equals(apiClient.job(holder).get("status")));
            String job = "{\"params\":{\"input\":\"samples/moby-dick.txt\"}}";
            HttpLoad.Step accept = client -> client.post("/api/v1/jobs", job);
            HttpLoad.Figures figures = warm(server.uri(), 16, ACCEPT_WARM_UP, accept);
            print(
                    "durable submissions over HTTP, 16 clients",
                    "%s; %s",
                    describe(figures),
                    disk.times(figures.perSecond()));
        }
    }

    private static void jobLives(Path dataDir, Disk disk) throws Exception {
        Path classes = Path.of(NoOpServer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (ServerProcess server = ServerProcess.on(dataDir)
                .program(NoOpServer.class, classes)
                .withProductionJvm()
                .start()) {
            HttpLoad.Step life = client -> {
                String id = id(client.post("/api/v1/jobs", "{\"type\":\"no-op\"}"));
                client.get("/api/v1/jobs/" + id + "?wait=60");
            };
            HttpLoad.Figures figures = warm(server.uri(), 8, LIFE_WARM_UP, life);
            print(
                    "whole lives of jobs that do nothing, 8 at once",
                    "%s; %s",
                    describe(figures),
                    disk.times(figures.perSecond()));
        }
    }

    private static String id(byte[] job) throws IOException {
        try {
            return Json.readObject(job).get("job_id").toString();
        } catch (MalformedJsonException e) {
            throw new IOException(e);
        }
    }

    /** Reads from a server with this many ended jobs, one of them with a log and a result of a million lines. */
    private static void history(Path dataDir, int jobs) throws Exception {
        note("creating %,d jobs, %,d lines of log and %,d rows of a result…", jobs, LINES, ROWS);
        JobHistory.createMany(dataDir, jobs - 1, PARAMS);
        String large;
        try (JobHistory jobHistory = new JobHistory(dataDir)) {
            large = jobHistory.addSucceeded(
                    "The largest",
                    PARAMS,
                    log -> {
                        for (int i = 1; i <= LINES; i++) {
                            log.info("Line " + i + " tells what happened, at the length that such lines have");
                        }
                    },
                    rows -> {
                        for (int i = 0; i < ROWS; i++) {
                            rows.row(List.of("word" + i, (long) ROWS - i));
                        }
                    },
                    Map.of("words", (long) ROWS));
        }
        long began = System.nanoTime();
        try (ServerProcess server = ServerProcess.on(dataDir)
                .with("--retain-jobs", Integer.toString(jobs + 1))
                .withProductionJvm()
                .start()) {
            print("start with so many jobs", "%.1f s", (System.nanoTime() - began) / 1e9);
            print("heap after GC with so many jobs", "%.0f MB", server.liveBytes() / 1e6);
            show(server.uri());
            read(server.uri(), "list, first page", "/api/v1/jobs");
            read(server.uri(), "list, 500 jobs", "/api/v1/jobs?limit=500");
            read(server.uri(), "list, deep page", "/api/v1/jobs?offset=" + jobs * 9L / 10);
            read(server.uri(), "list, by status", "/api/v1/jobs?status=FAILED&offset=" + jobs / 200);
            read(server.uri(), "search, found in every job", "/api/v1/jobs?q=moby");
            read(server.uri(), "search, found in a few", "/api/v1/jobs?q=run%20" + (jobs / 100));
            read(server.uri(), "search, found in none", "/api/v1/jobs?q=nowhere");
            read(server.uri(), "search for a part of an id", "/api/v1/jobs?q=" + large.substring(0, 8));
            read(server.uri(), "log, a page in the middle", "/api/v1/jobs/" + large + "/log?from=" + LINES / 2);
            read(server.uri(), "result, first page", "/api/v1/jobs/" + large + "/result");
            read(server.uri(), "result, deep page", "/api/v1/jobs/" + large + "/result?offset=" + ROWS * 9L / 10);
        }
    }

    private static void read(URI server, String what, String path) throws Exception {
        HttpLoad.Step step = client -> client.get(path);
        HttpLoad.run(server, 1, DURATION.dividedBy(2), step);
        HttpLoad.Figures figures = HttpLoad.run(server, 1, DURATION.dividedBy(2), step);
        print(what, "p50 %s ms, p95 %s ms", figures.percentile(50), figures.percentile(95));
    }

    /** Reads an ended job, and the same bytes from a bare server. */
    private static void show(URI server) throws Exception {
        String id = id(Json.write(new ApiClient(() -> server).run("word-count", PARAMS)));
        String path = "/api/v1/jobs/" + id;
        byte[] bytes;
        try (HttpLoad.Client client = new HttpLoad.Client(server)) {
            bytes = client.get(path);
        }
        try (BareServer bareServer = new BareServer(bytes)) {
            double tinderboxMean = 0;
            double bareMean = 0;
            // The first round warms up. The servers take turns, because other load on the machine varies.
            for (int round = 0; round < 4; round++) {
                double tinderboxRate = HttpLoad.run(server, 8, DURATION.dividedBy(2), client -> client.get(path))
                        .perSecond();
                double bareRate = HttpLoad.run(bareServer.uri(), 8, DURATION.dividedBy(2), client -> client.get(path))
                        .perSecond();
                tinderboxMean += round == 0 ? 0 : tinderboxRate / 3;
                bareMean += round == 0 ? 0 : bareRate / 3;
            }
            print(
                    "GET of a job of " + bytes.length + " bytes, 8 clients",
                    "%.0f/s, %.2f of the %.0f/s of a bare Undertow",
                    tinderboxMean,
                    tinderboxMean / bareMean,
                    bareMean);
        }
    }

    /** An Undertow that responds to everything with the same bytes. */
    private static final class BareServer implements AutoCloseable {
        private final Undertow undertow;

        BareServer(byte[] bytes) {
            undertow = Undertow.builder()
                    .addHttpListener(0, "127.0.0.1")
                    .setHandler(exchange -> {
                        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
                        exchange.getResponseSender().send(ByteBuffer.wrap(bytes));
                    })
                    .build();
            undertow.start();
        }

        URI uri() {
            var address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
            return URI.create("http://127.0.0.1:" + address.getPort() + "/");
        }

        @Override
        public void close() {
            undertow.stop();
        }
    }

    private static void note(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    private static void print(String what, String format, Object... values) {
        note("%-48s %s", what, String.format(Locale.ROOT, format, values));
    }
}
