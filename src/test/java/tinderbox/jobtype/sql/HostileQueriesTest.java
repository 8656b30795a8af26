package tinderbox.jobtype.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** Statements that must not run: each is refused, and nothing has happened outside. */
class HostileQueriesTest {
    private static final String SECRET = "the secret of this machine";

    private final ApiClient apiClient = new ApiClient(TestServer.shared());

    @TempDir
    private Path temp;

    @BeforeAll
    static void tables() {
        QueryLists.copyTables(TestServer.shared().root());
        new ApiClient(TestServer.shared()).run("sql", Map.of("query", "SELECT 1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hostile.sql", "hostile-more.sql"})
    void allAreRefusedWithoutAnyEffect(String list) throws Exception {
        Path secret = Files.writeString(temp.resolve("secret"), SECRET);
        try (var trap = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Outside before = Outside.now();
            String address = "127.0.0.1:" + trap.getLocalPort();
            List<String> answers = answers(QueryLists.of(list).stream()
                    .map(query -> query.replace("/etc/passwd", secret.toString())
                            .replace("/tmp/evil", temp.resolve("evil").toString())
                            .replaceAll("127\\.0\\.0\\.1:9|169\\.254\\.169\\.254|(?<=//)evil", address))
                    .toList());

            String leaked = answers.stream()
                    .filter(answer -> answer.contains(SECRET)
                            || answer.contains(System.getProperty("user.dir") + "/")
                            || answer.contains(TestServer.shared().dataDir().toString())
                            || namesAClass(answer))
                    .collect(Collectors.joining("\n"));
            assertEquals("", leaked);
            try (Stream<Path> files = Files.list(temp)) {
                assertEquals(List.of(secret), files.toList());
            }
            assertNobodyConnected(trap);
            assertEquals(before, Outside.now());
        }
    }

    /** Of its own accord: a message may repeat what the statement says. */
    private static boolean namesAClass(String answer) {
        int arrow = answer.lastIndexOf(" ← ");
        return answer.substring(0, arrow).contains("org.apache.")
                && !answer.substring(arrow).contains("org.apache.");
    }

    private static void assertNobodyConnected(ServerSocket trap) throws IOException {
        trap.setSoTimeout(1);
        try {
            trap.accept().close();
            throw new AssertionError("a statement opened a connection");
        } catch (SocketTimeoutException expected) {
            // All statements have ended.
        }
    }

    /** What the server says to each: a refusal, or the failure of its job with its log. */
    private List<String> answers(List<String> queries) {
        List<String> answers = new ArrayList<>();
        Map<String, String> jobs = new LinkedHashMap<>();
        for (String query : queries) {
            HttpResponse<byte[]> response = apiClient.send(apiClient
                    .request("/api/v1/jobs")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(
                            Json.write(Map.of("type", "sql", "params", Map.of("query", query)))))
                    .build());
            if (response.statusCode() == 202) {
                jobs.put((String) ApiClient.json(response).get("job_id"), query);
            } else {
                assertEquals(422, response.statusCode(), query);
                answers.add(ApiClient.json(response).get("errors") + " ← " + query);
            }
        }
        List<String> notRefused = new ArrayList<>();
        jobs.forEach((id, query) -> {
            Map<String, Object> job = apiClient.awaitEnd(id);
            if (!"FAILED".equals(job.get("status"))
                    || !((Map<?, ?>) job.get("error")).get("code").equals("invalid_query")) {
                notRefused.add(query + " → " + job.get("status") + " " + job.get("error"));
            }
            answers.add(job.get("error") + " ← " + query);
        });
        assertEquals("", String.join("\n", notRefused));
        return answers;
    }
}
