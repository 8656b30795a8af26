package tinderbox.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.security.auth.Role;
import tinderbox.security.auth.TokenAdmin;
import tinderbox.support.DebianPackage;
import tinderbox.support.TestServer;

/** A real Prometheus, Debian's, reads a server with tokens as docs/monitoring.md says. Skipped, with the reason, without it. */
class MonitoringTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final Path MONITORING = Path.of("docs/monitoring");
    private static final Pattern METRIC = Pattern.compile("\\b(?:tinderbox|jvm|process)_\\w+");
    private static final Pattern ALERT_ROW = Pattern.compile("^\\| `(Tinderbox\\w+)` \\|", Pattern.MULTILINE);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** No client leaves in this test. */
    private static final String WITHOUT_DATA = "status=\"closed\"";

    @TempDir
    private static Path dir;

    private static Path programs;
    private static String token;
    private static Process prometheus;
    private static URI prometheusUri;

    @BeforeAll
    static void start() throws Exception {
        try {
            programs = DebianPackage.folderOf("prometheus", "prometheus");
        } catch (DebianPackage.MissingException e) {
            Assumptions.abort("no Prometheus: " + e.getMessage());
        }
        Path data = Files.createDirectory(dir.resolve("data"));
        TokenAdmin tokens = new TokenAdmin(data, Clock.systemUTC());
        token = tokens.create("ada", Role.ADMIN, null);
        Path secret = Files.writeString(dir.resolve("token"), tokens.create("prometheus", Role.VIEWER, null));
        SERVER.restartPrivate(data);
        Files.copy(MONITORING.resolve("alerts.yml"), dir.resolve("alerts.yml"));
        String config = Files.readString(MONITORING.resolve("prometheus.yml"));
        config = replaced(config, "/etc/prometheus/tinderbox.token", secret.toString());
        config = replaced(config, "127.0.0.1:8080", "127.0.0.1:" + SERVER.port());
        config = replaced(config, "scrape_interval: 15s", "scrape_interval: 1s");
        Files.writeString(dir.resolve("prometheus.yml"), config);
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        prometheusUri = URI.create("http://127.0.0.1:" + port + "/api/v1/");
        prometheus = new ProcessBuilder(
                        programs.resolve("prometheus").toString(),
                        "--config.file=" + dir.resolve("prometheus.yml"),
                        "--storage.tsdb.path=" + dir.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("prometheus.log").toFile())
                .start();
        // The first jobs of each kind come after the first scrape, so that Prometheus sees an increase.
        awaitData("up{job=\"tinderbox\"} == 1");
        submit("{}");
        submit("{\"type\":\"failing\"}");
        submit(
                "{\"type\":\"sql\",\"params\":{\"query\":\"SELECT count(*) FROM `samples/moby-dick.txt` GROUP BY 1 = 1\"}}");
        awaitData("sum(increase(tinderbox_jobs_ended_total[1m])) >= 3");
        awaitData("rate(tinderbox_jobs_failed_total[1m]) >= 0");
        awaitData("increase(tinderbox_spark_tasks_total{outcome=\"succeeded\"}[1m]) > 0");
        awaitData("increase(tinderbox_index_seconds_count{operation=\"write\"}[1m]) > 0");
    }

    @AfterAll
    static void stop() throws Exception {
        if (prometheus != null) {
            prometheus.destroy();
            assertTrue(prometheus.waitFor(30, TimeUnit.SECONDS));
        }
        if (token != null) {
            SERVER.restart();
        }
    }

    private static String replaced(String text, String from, String to) {
        assertTrue(text.contains(from), from);
        return text.replace(from, to);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void submit(String job) throws Exception {
        HttpResponse<String> response = send(HttpRequest.newBuilder(SERVER.uri("/api/v1/jobs"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(job)));
        assertEquals(202, response.statusCode(), response::body);
    }

    /** The result of a query: a list of samples. */
    private static JsonNode query(String expression) throws Exception {
        HttpResponse<String> response = send(
                HttpRequest.newBuilder(prometheusUri.resolve("query?query=" + URLEncoder.encode(expression, UTF_8))));
        assertEquals(200, response.statusCode(), () -> expression + ": " + response.body());
        return JSON.readTree(response.body()).get("data").get("result");
    }

    private static void awaitData(String expression) {
        Awaitility.await(expression)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                // Until it has started, it refuses connections, or answers with 503.
                .ignoreExceptionsMatching(e -> e instanceof IOException || e instanceof AssertionError)
                .until(() -> !query(expression).isEmpty());
    }

    private static boolean hasNumber(JsonNode samples) {
        for (JsonNode sample : samples) {
            if (!sample.get("value").get(1).asText().equals("NaN")) {
                return true;
            }
        }
        return false;
    }

    private static List<String> dashboardQueries() throws IOException {
        List<String> queries = new ArrayList<>();
        JSON.readTree(MONITORING.resolve("dashboard.json").toFile())
                .findValuesAsText("expr")
                .forEach(expression -> queries.add(expression
                        .replace("$job", "tinderbox")
                        .replace("$instance", ".*")
                        .replace("$__rate_interval", "1m")));
        return queries;
    }

    private static List<JsonNode> alerts() throws IOException {
        JsonNode rules = new YAMLMapper()
                .readTree(MONITORING.resolve("alerts.yml").toFile())
                .get("groups")
                .get(0)
                .get("rules");
        List<JsonNode> alerts = new ArrayList<>();
        rules.forEach(alerts::add);
        return alerts;
    }

    private static void promtool(byte[] input, Object... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(programs.resolve("promtool").toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Path output = dir.resolve("promtool.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try (var in = process.getOutputStream()) {
            in.write(input);
        }
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), Files.readString(output));
    }

    @Test
    void promtoolAcceptsTheConfigurationAndItsRules() throws Exception {
        promtool(new byte[0], "check", "config", dir.resolve("prometheus.yml"));
    }

    @Test
    void promtoolFindsNothingWrongWithTheMetrics() throws Exception {
        HttpResponse<String> metrics =
                send(HttpRequest.newBuilder(SERVER.uri("/metrics")).header("Authorization", "Bearer " + token));
        promtool(metrics.body().getBytes(UTF_8), "check", "metrics");
    }

    @Test
    void everyAlertFiresForASickServerAndNoneForAHealthyOne() throws Exception {
        Path tests =
                Files.copy(Path.of("src/test/resources/monitoring/alerts-test.yml"), dir.resolve("alerts-test.yml"));
        promtool(new byte[0], "test", "rules", tests);
        List<String> names =
                alerts().stream().map(alert -> alert.get("alert").asText()).toList();
        String tested = Files.readString(tests);
        assertEquals(
                List.of(),
                names.stream()
                        .filter(name -> !tested.contains('"' + name + '"'))
                        .toList());
        assertEquals(
                names.stream().sorted().toList(),
                ALERT_ROW
                        .matcher(Files.readString(Path.of("docs/monitoring.md")))
                        .results()
                        .map(row -> row.group(1))
                        .sorted()
                        .toList());
    }

    @Test
    void everyQueryOfTheDashboardHasData() throws Exception {
        List<String> queries = dashboardQueries();
        assertTrue(queries.size() > 50, () -> queries.size() + " queries");
        List<String> empty = new ArrayList<>();
        for (String expression : queries) {
            if (!hasNumber(query(expression)) && !expression.contains(WITHOUT_DATA)) {
                empty.add(expression);
            }
        }
        assertEquals(List.of(), empty);
    }

    @Test
    void everyMetricOfTheAlertsExistsAndNoAlertFires() throws Exception {
        HttpResponse<String> names = send(HttpRequest.newBuilder(prometheusUri.resolve("label/__name__/values")));
        Set<String> known = new TreeSet<>();
        JSON.readTree(names.body()).get("data").forEach(name -> known.add(name.asText()));
        for (JsonNode alert : alerts()) {
            String expression = alert.get("expr").asText();
            Set<String> unknown = METRIC.matcher(expression)
                    .results()
                    .map(MatchResult::group)
                    .filter(name -> !known.contains(name))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(Set.of(), unknown, expression);
            // The machine of a test may be short of disk, but nothing else is wrong with the server.
            if (!expression.contains("disk") && !expression.contains("flush")) {
                assertTrue(query(expression).isEmpty(), expression);
            }
        }
        assertFalse(known.isEmpty());
    }
}
