package tinderbox.oracle;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;

/**
 * Sends Spark's golden queries to a server, and compares its answers.
 *
 * <p>A query is applicable if Spark alone gives the golden answer in a session without views whose time zone is UTC. The
 * others need a view, a function of the tests, another time zone, or are random.
 */
public final class GoldenRun {
    /** Queries whose answers differ for a reason: {@code file#number}, a tab, and the reason. */
    private static final String DIFFERENCES = "/sql/golden-differences.tsv";

    private final ApiClient server;
    private final PlainSession plain;
    private final Map<String, String> known = new LinkedHashMap<>();
    private int equal;
    private int different;
    private int notApplicable;
    private final List<String> unexpected = new ArrayList<>();
    private final List<String> outdated = new ArrayList<>();
    private final Consumer<String> report;

    /**
     * A run.
     *
     * @param server with the job type {@code sql}
     * @param any a Spark session of this process
     * @param report takes a line for each answer that differs
     */
    public GoldenRun(ApiClient server, SparkSession any, Consumer<String> report) throws IOException {
        this.server = server;
        this.plain = new PlainSession(any);
        this.report = report;
        try (InputStream list = GoldenRun.class.getResourceAsStream(DIFFERENCES)) {
            new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("# "))
                    .forEach(line ->
                            known.put(line.substring(0, line.indexOf('\t')), line.substring(line.indexOf('\t') + 1)));
        }
    }

    /**
     * Runs applicable queries in random order.
     *
     * @param size how many, or more than there are
     */
    public void run(int size, long seed) throws IOException {
        GoldenFiles files = GoldenFiles.read();
        report.accept(files.leftOut());
        List<GoldenQuery> queries = new ArrayList<>(files.queries());
        Collections.shuffle(queries, new Random(seed));
        for (GoldenQuery query : queries) {
            PlainSession.Answer answer = plain.answer(query.sql()).orElse(null);
            if (answer == null || !query.isAnsweredBy(answer.lines())) {
                notApplicable++;
            } else {
                compare(query, answer);
            }
            if (equal + different == size) {
                return;
            }
        }
    }

    private void compare(GoldenQuery query, PlainSession.Answer answer) {
        String difference = difference(query, answer.columns()).orElse(null);
        if (difference == null) {
            equal++;
        } else {
            different++;
        }
        boolean isKnown = known.containsKey(query.id());
        if (difference != null && !isKnown) {
            String line = query.id() + "\t" + difference + "\t" + query.sql().replaceAll("\\s+", " ");
            unexpected.add(line);
            report.accept(line);
        } else if (difference == null && isKnown) {
            outdated.add(query.id());
        }
    }

    /** How the server's answer differs; empty if it does not. */
    private Optional<String> difference(GoldenQuery query, StructType columns) {
        var response = server.send(server.request("/api/v1/jobs")
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
            return Optional.of("failed: " + job.get("error_message"));
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
    public List<String> unexpected() {
        return unexpected;
    }

    /** What is in the list of differences although it no longer differs. */
    public List<String> outdated() {
        return outdated;
    }

    /** The share of applicable queries with the golden answer, from 0 to 1. */
    public double shareEqual() {
        return (double) equal / (equal + different);
    }

    /** The numbers, in words. */
    public String summary() {
        return "of " + (equal + different) + " applicable queries " + equal + " are equal; " + notApplicable
                + " others need a view, a function of the tests or another time zone, or are random";
    }
}
