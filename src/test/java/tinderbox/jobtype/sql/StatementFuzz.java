package tinderbox.jobtype.sql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.classic.SparkSession;
import scala.jdk.javaapi.CollectionConverters;
import tinderbox.common.Causes;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.jobtype.JobContext;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;
import tinderbox.support.JvmAudit;
import tinderbox.support.LambdaJob;
import tinderbox.support.TestServer;

/**
 * Puts many statements through all checks of the server in this process, as a submission and its attempt would be, and
 * really runs some of those that are accepted. Nothing may happen outside the roots, whatever the checks say, and every
 * failure must be explained.
 */
public final class StatementFuzz {
    private static final String SECRET = "the secret of this machine";

    /** In one job. */
    private static final int BATCH = 2_000;

    private static final int AT_ONCE = 2;

    /** Of a query that really runs; it is cancelled then. */
    private static final Duration MAX_RUN = Duration.ofSeconds(10);

    /** No check may take so long. */
    private static final Duration MAX_CHECK = Duration.ofSeconds(60);

    private static final int SHOWN_VIOLATIONS = 50;

    /** What a query must not end with: each would be a fault of the server. */
    private static final Set<ErrorCode> FAULTS = Set.of(
            ErrorCode.INTERNAL,
            ErrorCode.JOB_ERROR,
            ErrorCode.SERVER_CRASHED,
            ErrorCode.RESULT_DAMAGED,
            ErrorCode.STORAGE_UNAVAILABLE,
            ErrorCode.UNREADABLE_ON_WORKER);

    /** Spark's own name for a fault of its own. */
    private static final String SPARKS_OWN = "Spark cannot run this query, for a reason of its own";

    private static final String FAULT_OF_SPARK = "a fault of Spark: ";

    private final TestServer server;
    private final ApiClient apiClient;
    private final long seed;
    private final Path outside;
    private final Path secret;
    private final ServerSocket trap;
    private final List<String> hostile;
    private final List<String> innocent;

    // Guarded by this object.
    private final Map<String, Integer> checks = new TreeMap<>();
    private final Map<String, Integer> runs = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private final Map<String, String> examples = new TreeMap<>();
    private final List<StatementFuzzer.Statement> accepted = new ArrayList<>();
    private long slowestNanos;
    private String slowest = "";
    private long checkedNanos;
    private long ranNanos;

    private StatementFuzz(TestServer server, long seed) throws IOException {
        this.server = server;
        this.apiClient = new ApiClient(server);
        this.seed = seed;
        this.outside = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "outside");
        this.secret = Files.writeString(this.outside.resolve("secret"), SECRET);
        this.trap = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.hostile = lists("hostile.sql", "hostile-more.sql", "literal.sql");
        this.innocent = lists("innocent.sql");
        QueryLists.copyTables(server.root());
    }

    /**
     * Checks statements, and runs some of those that are accepted.
     *
     * @param report takes lines about progress and results
     * @return what went wrong; empty if all is well
     */
    public static List<String> run(TestServer server, int statements, int runs, long seed, Consumer<String> report)
            throws Exception {
        StatementFuzz fuzz = new StatementFuzz(server, seed);
        fuzz.apiClient.run("sql", Map.of("query", "SELECT * FROM `test/people.csv`"));
        try (ServerSocket trap = fuzz.trap;
                JvmAudit audit = JvmAudit.start()) {
            Outside before = Outside.now();
            fuzz.check(statements, report);
            fuzz.runSome(runs, report);
            fuzz.checkOutside(before, audit, trap);
        }
        Files.deleteIfExists(fuzz.secret);
        Files.deleteIfExists(fuzz.outside);
        // Not at once: what the thread of an attempt prints is in the job's log.
        fuzz.violations().stream().limit(SHOWN_VIOLATIONS).forEach(what -> report.accept("VIOLATION: " + what));
        report.accept(fuzz.summary());
        return fuzz.violations();
    }

    private List<String> lists(String... names) {
        return Stream.of(names)
                .flatMap(name -> QueryLists.of(name).stream())
                .map(this::withTraps)
                .toList();
    }

    /** With files and addresses that are watched. */
    private String withTraps(String statement) {
        String address = "127.0.0.1:" + trap.getLocalPort();
        return statement
                .replace("/etc/passwd", secret.toString())
                .replaceAll("/tmp/(evil|x)", outside + "/$1")
                .replaceAll("127\\.0\\.0\\.1:9|169\\.254\\.169\\.254|(?<=//)evil", address);
    }

    private void check(int statements, Consumer<String> report) throws Exception {
        long started = System.nanoTime();
        inThreads((statements + BATCH - 1) / BATCH, batch -> {
            int size = Math.min(BATCH, statements - batch * BATCH);
            StatementFuzzer fuzzer = new StatementFuzzer(seed + batch, hostile, innocent);
            String id = LambdaJob.submit(apiClient, context -> {
                checkAll(fuzzer, size, context);
                return Map.of();
            });
            Map<String, Object> job = awaitEnd(id);
            if (!"SUCCEEDED".equals(job.get("status"))) {
                violation("the job that checks ended: " + job);
            }
            report.accept("checked batch " + batch + " of " + size + ": " + counts());
        });
        checkedNanos = System.nanoTime() - started;
    }

    private interface Work {
        void run(int number) throws Exception;
    }

    private static void inThreads(int times, Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                int number = i;
                all.add(threads.submit(() -> {
                    work.run(number);
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Map<String, Object> awaitEnd(String id) {
        Map<String, Object> job;
        do {
            job = apiClient.get("/api/v1/jobs/" + id + "?wait=60");
        } while (job.get("finished_at") == null);
        return job;
    }

    private void checkAll(StatementFuzzer fuzzer, int size, JobContext context) {
        SqlSession.configure(context.spark());
        List<String> before = sessionState(context);
        for (int i = 0; i < size; i++) {
            StatementFuzzer.Statement statement = fuzzer.next();
            long started = System.nanoTime();
            String outcome;
            try {
                outcome = check(statement, context);
            } catch (Throwable e) {
                outcome = "a fault";
                violation("the checks threw " + e + " ← " + statement);
            }
            count(outcome, statement, System.nanoTime() - started);
        }
        if (!before.equals(sessionState(context))) {
            violation("the session of the attempt has changed: " + before + " → " + sessionState(context));
        }
    }

    private static List<String> sessionState(JobContext context) {
        SparkSession spark = (SparkSession) context.spark();
        List<String> state = new ArrayList<>();
        new TreeMap<>(CollectionConverters.asJava(spark.conf().getAll()))
                .forEach((name, value) -> state.add(name + "=" + value));
        state.removeIf(setting -> setting.startsWith("spark.sql.shuffle.partitions="));
        state.add(spark.sessionState().catalog().listTables("default").toString());
        state.add(spark.sessionState().catalog().listTemporaryFunctions().toString());
        state.add(spark.sessionState().catalog().getCurrentDatabase());
        return state;
    }

    /** What becomes of a statement. */
    private String check(StatementFuzzer.Statement statement, JobContext context) {
        SqlQuery query;
        try {
            ParsedSql parsed = SqlParser.parse(statement.text(), statement.args());
            query = new SqlQuery(statement.text(), parsed.text(), null, parsed.plan(), parsed.tables());
            checkMessage("", statement);
        } catch (JobException e) {
            String problem = e.problems().isEmpty()
                    ? e.getMessage()
                    : e.problems().get(0).message();
            checkMessage(e.getMessage() + e.problems(), statement);
            return problem.matches(
                            "(?s)(has a syntax error|cannot be parsed|has an error|has a comment|has no statement).*")
                    ? "refused by the parser"
                    : "refused by the checker";
        }
        try {
            SqlTables.inputs(query, context.datasets());
        } catch (JobException e) {
            checkMessage(e.getMessage() + e.problems(), statement);
            return "refused: no such table";
        }
        try {
            SqlTables tables = SqlTables.open(query, context, Sql.SCHEMAS);
            SqlPlan.of(query, tables, (SparkSession) context.spark());
            return "accepted";
        } catch (Exception | StackOverflowError e) {
            return refusal(e, query, statement, context);
        }
    }

    private String refusal(Throwable thrown, SqlQuery query, StatementFuzzer.Statement statement, JobContext context) {
        Exception e = thrown instanceof Exception exception ? exception : new IllegalStateException(thrown);
        Exception explained = SqlFailures.explain(SqlRecordFailures.explain(e, context), query, null);
        if (!(explained instanceof JobException failure)) {
            violation("the analysis threw " + explained + " ← " + statement);
            return "a fault";
        }
        checkMessage(failure.getMessage() + failure.problems(), statement);
        if (!FAULTS.contains(failure.code())) {
            return "refused by the analysis";
        }
        if (!failure.getMessage().equals(SPARKS_OWN)) {
            violation("the analysis failed: " + failure + " ← " + statement);
        }
        String condition = Causes.of(thrown)
                .filter(SparkThrowable.class::isInstance)
                .map(Throwable::getMessage)
                .findFirst()
                .orElse("");
        return FAULT_OF_SPARK + condition.replaceAll("(?s)#\\d+L?|\\n.*", "").replaceAll("^(.{100}).*", "$1");
    }

    private void checkMessage(String message, StatementFuzzer.Statement statement) {
        String sent = statement.text() + statement.args();
        boolean isLeak = Stream.of(SECRET, "org.apache.", server.dataDir().toString(), System.getProperty("user.dir"))
                .anyMatch(text -> message.contains(text) && !sent.contains(text));
        if (isLeak) {
            violation("the answer tells too much: " + beginning(message) + " ← " + statement);
        }
    }

    private synchronized void count(String outcome, StatementFuzzer.Statement statement, long nanos) {
        checks.merge(outcome, 1, Integer::sum);
        if (outcome.startsWith(FAULT_OF_SPARK)) {
            examples.putIfAbsent(outcome, statement.toString());
        }
        if (outcome.equals("accepted")) {
            accepted.add(statement);
        }
        if (nanos > slowestNanos) {
            slowestNanos = nanos;
            slowest = statement.text();
        }
        if (nanos > MAX_CHECK.toNanos()) {
            violation("a check took " + Duration.ofNanos(nanos) + " ← " + statement);
        }
    }

    private synchronized void violation(String what) {
        violations.add(what);
    }

    private synchronized Map<String, Integer> counts() {
        return new TreeMap<>(checks);
    }

    private synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    private void runSome(int size, Consumer<String> report) throws Exception {
        List<StatementFuzzer.Statement> chosen;
        synchronized (this) {
            chosen = new ArrayList<>(accepted);
        }
        // The threads have found them in any order.
        chosen.sort(Comparator.comparing(StatementFuzzer.Statement::text));
        Collections.shuffle(chosen, new Random(seed));
        // The others are as large a part as this leaves room for.
        List<StatementFuzzer.Statement> some = Stream.concat(
                        chosen.stream()
                                .filter(StatementFuzzer.Statement::mayBeHostile)
                                .limit(size - size / 4),
                        chosen.stream().filter(each -> !each.mayBeHostile()))
                .limit(size)
                .toList();
        long started = System.nanoTime();
        inThreads(some.size(), i -> {
            String outcome = really(some.get(i));
            synchronized (this) {
                runs.merge(outcome, 1, Integer::sum);
                if (!outcome.equals("succeeded")) {
                    examples.putIfAbsent(outcome, some.get(i).toString());
                }
            }
            if ((i + 1) % 200 == 0) {
                report.accept("ran " + (i + 1) + " of " + some.size());
            }
        });
        ranNanos = System.nanoTime() - started;
        if (!"SUCCEEDED"
                .equals(apiClient.run("sql", Map.of("query", "SELECT 1")).get("status"))) {
            violation("the server does not run queries any more");
        }
    }

    /** Runs a query, and returns how it ended. */
    private String really(StatementFuzzer.Statement statement) {
        HttpResponse<byte[]> response = apiClient.send(apiClient
                .request("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(
                        Map.of("type", "sql", "params", Map.of("query", statement.text(), "args", statement.args())))))
                .build());
        if (response.statusCode() != 202) {
            if (response.statusCode() >= 500) {
                violation(response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8) + " ← "
                        + statement);
            }
            return "answered with " + response.statusCode();
        }
        String id = (String) ApiClient.json(response).get("job_id");
        Map<String, Object> job = apiClient.get("/api/v1/jobs/" + id + "?wait=" + MAX_RUN.toSeconds());
        if (job.get("finished_at") == null) {
            apiClient.post("/api/v1/jobs/" + id + "/cancel");
            job = apiClient.get("/api/v1/jobs/" + id + "?wait=60");
        }
        if (job.get("finished_at") == null) {
            violation("a cancelled job does not end ← " + statement);
            return "does not end";
        }
        return ended(job, statement);
    }

    private String ended(Map<String, Object> job, StatementFuzzer.Statement statement) {
        if (job.get("status").equals("SUCCEEDED")) {
            checkMessage(apiClient.text("/api/v1/jobs/" + job.get("job_id") + "/result?limit=1000"), statement);
            return "succeeded";
        }
        if (!(job.get("error") instanceof Map<?, ?> error)) {
            return "cancelled after " + MAX_RUN.toSeconds() + " s";
        }
        String code = (String) error.get("code");
        checkMessage(error.toString(), statement);
        boolean isFault = FAULTS.contains(ErrorCode.valueOf(code.toUpperCase(Locale.ROOT)));
        if (isFault && !SPARKS_OWN.equals(error.get("message"))) {
            violation("failed with " + error + " ← " + statement);
        }
        return "failed with " + code;
    }

    private void checkOutside(Outside before, JvmAudit audit, ServerSocket socket) throws IOException {
        if (!before.equals(Outside.now())) {
            violation("outside has changed: " + before + " → " + Outside.now());
        }
        try (Stream<Path> files = Files.list(outside)) {
            if (!files.toList().equals(List.of(secret))) {
                violation("there are new files in " + outside);
            }
        }
        socket.setSoTimeout(1);
        try {
            socket.accept().close();
            violation("a statement opened a connection");
        } catch (SocketTimeoutException expected) {
            // Nobody has.
        }
        // The audit must be able to see.
        Files.readString(secret);
        List<Path> allowed = new ArrayList<>(JvmAudit.classPath());
        for (String path : List.of(System.getProperty("java.io.tmpdir"), "/proc", "/sys", "/dev", "/etc/os-release")) {
            allowed.add(Path.of(path));
        }
        // Datasets are opened by their names alone, from handles of their folders.
        Set<Path> datasets = new TreeSet<>();
        for (Path root : List.of(server.root(), server.dataDir().resolve("samples"))) {
            try (Stream<Path> files = Files.walk(root)) {
                files.map(Path::getFileName).forEach(datasets::add);
            }
        }
        Set<String> seen = new TreeSet<>(audit.violations(
                path -> path.isAbsolute()
                        ? !path.startsWith(outside) && allowed.stream().anyMatch(path::startsWith)
                        : datasets.contains(path),
                socket.getLocalPort()));
        if (!seen.removeIf(line -> line.startsWith("jdk.FileRead " + secret) && line.contains("checkOutside"))) {
            violation("the audit sees nothing");
        }
        // Spark asks for the size of a page, and deletes the folders of sessions that are gone.
        String sessions = "jdk.ProcessStart rm -rf " + Path.of(System.getProperty("java.io.tmpdir"), "artifacts-");
        seen.removeIf(line -> line.startsWith("jdk.ProcessStart getconf PAGESIZE by org.apache.spark.")
                || (line.startsWith(sessions) && line.contains("ArtifactManager")));
        seen.forEach(this::violation);
    }

    private synchronized String summary() {
        int checked = checks.values().stream().mapToInt(i -> i).sum();
        int ran = runs.values().stream().mapToInt(i -> i).sum();
        return checked + " statements in " + checkedNanos / 1_000_000_000 + " s, "
                + (long) (checked / Math.max(1e-3, checkedNanos / 1e9)) + " each second: " + checks
                + "\nslowest check " + slowestNanos / 1_000_000 + " ms: "
                + beginning(slowest)
                + "\n" + ran + " of the accepted ones ran in " + ranNanos / 1_000_000_000 + " s: " + runs
                + "\nexamples: "
                + examples.entrySet().stream()
                        .map(example -> "\n  " + example.getKey() + " ← " + beginning(example.getValue()))
                        .collect(Collectors.joining())
                + "\n" + violations.size() + " violations";
    }

    private static String beginning(String text) {
        return text.substring(0, Math.min(500, text.length()));
    }
}
