package tinderbox.oracle;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;

/**
 * Sends Spark's golden queries to a server, and compares its answers, several at once.
 *
 * <p>A query is left out if it needs a view, a function or a variable of its file, or if its golden answer holds only in the
 * time zone or with a setting of Spark's suite.
 */
public final class GoldenRun {
    /** Queries whose answers differ for a reason: {@code file#number}, a tab, and the reason. */
    private static final String DIFFERENCES = "/sql/golden-differences.tsv";

    private static final String TIME_ZONE = "spark.sql.session.timeZone";
    private static final String TIME_ZONE_OF_THE_SUITE = "America/Los_Angeles";

    /** What the suite sets for the files of a folder. */
    private static final Map<String, Map<String, String>> FOLDERS = Map.of(
            "nonansi/", Map.of("spark.sql.ansi.enabled", "false"),
            "postgreSQL/", Map.of("spark.sql.legacy.interval.enabled", "true"),
            "timestampNTZ/", Map.of("spark.sql.timestampType", "TIMESTAMP_NTZ"));

    /** As many as keep a server with two slots busy. */
    private static final int AT_ONCE = 4;

    /** Why Spark does not know a name, by its condition. */
    private static final Map<String, String> MISSING = Map.of(
            "TABLE_OR_VIEW_NOT_FOUND", "needs a table or a view of its file",
            "UNRESOLVED_ROUTINE", "needs a function of its file or of the suite",
            "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "needs a variable of its file",
            "UNRESOLVED_TABLE_VALUED_FUNCTION", "needs a function of its file or of the suite",
            "UNRESOLVABLE_TABLE_VALUED_FUNCTION", "needs a function of its file or of the suite",
            "UNSUPPORTED_TIME_TYPE", "needs the type TIME, which Spark has only in its own tests");

    private final ApiClient server;
    private final PlainSession plain;
    private final PlainSession elsewhere;
    private final Map<String, PlainSession> folders = new HashMap<>();
    private final Map<String, String> known;
    private final Consumer<String> report;

    // Guarded by this object.
    private final Map<String, Integer> leftOut = new TreeMap<>();
    private final Map<String, Integer> differences = new TreeMap<>();
    private final List<String> unexpected = new ArrayList<>();
    private final List<String> outdated = new ArrayList<>();
    private int statements;
    private int equal;
    private int different;

    /**
     * A run.
     *
     * @param server with the job type {@code sql}
     * @param any a Spark session of this process
     * @param report takes a line for each answer that differs without a reason
     */
    public GoldenRun(ApiClient server, SparkSession any, Consumer<String> report) throws IOException {
        this.server = server;
        this.plain = new PlainSession(any, Map.of(TIME_ZONE, "UTC"));
        this.elsewhere = new PlainSession(any, Map.of(TIME_ZONE, TIME_ZONE_OF_THE_SUITE));
        FOLDERS.forEach((folder, settings) -> {
            Map<String, String> all = new HashMap<>(settings);
            all.put(TIME_ZONE, TIME_ZONE_OF_THE_SUITE);
            folders.put(folder, new PlainSession(any, all));
        });
        this.known = knownDifferences();
        this.report = report;
    }

    private static Map<String, String> knownDifferences() throws IOException {
        try (InputStream list = GoldenRun.class.getResourceAsStream(DIFFERENCES)) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("# "))
                    .map(line -> line.split("\t", 2))
                    .collect(Collectors.toMap(cells -> cells[0], cells -> cells[1], (a, b) -> a, LinkedHashMap::new));
        }
    }

    /**
     * Sends queries in random order.
     *
     * @param size how many, or more than there are
     */
    public void run(int size, long seed) throws Exception {
        GoldenFiles files = GoldenFiles.read();
        statements = files.statements();
        leftOut.putAll(files.leftOut());
        List<GoldenQuery> queries = new ArrayList<>(files.queries());
        Collections.shuffle(queries, new Random(seed));
        ExecutorService senders = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> sent = new ArrayList<>();
            for (GoldenQuery query : queries) {
                Optional<StructType> columns = columns(query);
                if (columns.isPresent()) {
                    sent.add(senders.submit(() -> compare(query, columns.get())));
                }
                if (sent.size() == size) {
                    break;
                }
            }
            for (Future<?> each : sent) {
                each.get();
            }
        } finally {
            senders.shutdownNow();
        }
    }

    /** Empty if the query is not sent. */
    private Optional<StructType> columns(GoldenQuery query) {
        try {
            return Optional.of(plain.columns(query.sql()));
        } catch (PlainSession.NoAnswerException e) {
            Optional<String> reason =
                    Optional.ofNullable(MISSING.get(e.condition())).or(() -> need(query));
            reason.ifPresentOrElse(
                    this::leaveOut, () -> differs(query, "Spark alone refuses it as well: " + e.condition()));
            return Optional.empty();
        }
    }

    private void compare(GoldenQuery query, StructType columns) {
        String difference = difference(query, columns).orElse(null);
        if (difference == null) {
            same(query);
        } else if (isAnswered(plain, query)) {
            differs(query, difference);
        } else {
            need(query)
                    .ifPresentOrElse(
                            this::leaveOut,
                            () -> differs(query, "Spark alone answers otherwise as well; " + difference));
        }
    }

    /** What of the suite the golden answer needs; empty if that is unknown. */
    private Optional<String> need(GoldenQuery query) {
        if (isAnswered(elsewhere, query)) {
            return Optional.of("needs the time zone of the suite");
        }
        return folders.entrySet().stream()
                .filter(folder -> query.file().startsWith(folder.getKey()))
                .filter(folder -> isAnswered(folder.getValue(), query))
                .map(folder -> "needs a setting of its folder")
                .findFirst();
    }

    private static boolean isAnswered(PlainSession session, GoldenQuery query) {
        try {
            return query.isAnsweredBy(session.answer(query.sql()));
        } catch (PlainSession.NoAnswerException e) {
            return false;
        }
    }

    private synchronized void leaveOut(String reason) {
        leftOut.merge(reason, 1, Integer::sum);
    }

    private synchronized void same(GoldenQuery query) {
        equal++;
        if (known.containsKey(query.id())) {
            outdated.add(query.id());
        }
    }

    private synchronized void differs(GoldenQuery query, String difference) {
        different++;
        String reason = known.get(query.id());
        if (reason == null) {
            String line = query.id() + "\t" + difference + "\t" + query.sql().replaceAll("\\s+", " ");
            unexpected.add(line);
            report.accept(line);
        } else {
            differences.merge(reason, 1, Integer::sum);
        }
    }

    /** How the server's answer differs; empty if it does not. */
    private Optional<String> difference(GoldenQuery query, StructType columns) {
        HttpResponse<byte[]> response = server.send(server.request("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        Json.write(Map.of("type", "sql", "params", Map.of("query", query.sql())))))
                .build());
        if (response.statusCode() != 202) {
            return Optional.of("refused: " + ApiClient.json(response).get("errors"));
        }
        String id = (String) ApiClient.json(response).get("job_id");
        Map<String, Object> job = server.awaitEnd(id);
        if (!"SUCCEEDED".equals(job.get("status"))) {
            return Optional.of("failed: " + job.get("error"));
        }
        Map<String, Object> result = server.get("/api/v1/jobs/" + id + "/result?limit=10000");
        List<String> rows;
        try {
            rows = ((List<?>) result.get("rows"))
                    .stream().map(row -> HiveText.row((List<?>) row, columns)).toList();
        } catch (IllegalArgumentException e) {
            return Optional.of("answered with values of another type: " + result.get("rows"));
        }
        return query.isAnsweredBy(rows)
                ? Optional.empty()
                : Optional.of("answered: " + String.join("\\n", rows) + " instead of "
                        + query.answer().replace("\n", "\\n"));
    }

    /** Answers that differ without a reason in the list. */
    public synchronized List<String> unexpected() {
        return List.copyOf(unexpected);
    }

    /** What is in the list of differences although it no longer differs. */
    public synchronized List<String> outdated() {
        return List.copyOf(outdated);
    }

    /** How many queries were compared. */
    public synchronized int compared() {
        return equal + different;
    }

    /** The share of the compared queries with the golden answer, from 0 to 1. */
    public synchronized double shareEqual() {
        return (double) equal / (equal + different);
    }

    /** The numbers, in words. */
    public synchronized String summary() {
        return equal + " of " + (equal + different) + " compared answers are equal ("
                + Math.floor(10_000 * shareEqual()) / 100 + " %); left out of " + statements + " statements: "
                + leftOut + "; differ for a known reason: " + differences + "; differ without: " + unexpected.size();
    }
}
