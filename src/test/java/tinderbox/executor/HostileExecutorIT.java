package tinderbox.executor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.internal.plugin.PluginEndpoint;
import org.apache.spark.internal.plugin.PluginMessage;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEndpoint;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.scheduler.cluster.CoarseGrainedClusterMessages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.reflect.ClassTag$;
import tinderbox.fault.SharedCluster;
import tinderbox.job.log.LogLine;
import tinderbox.support.ApiClient;

/** Somebody who has the secret of a cluster plays an executor, and means harm. */
class HostileExecutorIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final SharedCluster shared = SharedCluster.get();
    private final ApiClient apiClient = shared.apiClient();
    private RpcEnv env;
    private RpcEndpointRef plugin;
    private RpcEndpointRef scheduler;

    /** What serializes as its value, but does not hash as it does. */
    private record Unhashed(Object value, int number) implements java.io.Serializable {
        private static final long serialVersionUID = 1;

        @Override
        public int hashCode() {
            return number;
        }

        private Object writeReplace() {
            return value;
        }
    }

    @BeforeEach
    void connect() throws IOException {
        await().atMost(LONG).until(() -> executors().size() == 2);
        String secret = Files.readString(shared.cluster().secretFile());
        SparkConf conf = new SparkConf(false)
                .set("spark.authenticate", "true")
                .set("spark.authenticate.secret", secret)
                .set("spark.network.crypto.enabled", "true")
                .set("spark.rpc.askTimeout", "10s");
        RpcAddress driver = new RpcAddress("127.0.0.1", driverPort());
        env = RpcEnv.create(
                "hostile",
                "127.0.0.1",
                "127.0.0.1",
                -1,
                conf,
                new org.apache.spark.SecurityManager(
                        conf, Option.empty(), org.apache.spark.internal.config.package$.MODULE$.AUTH_SECRET_FILE()),
                1,
                true);
        plugin = env.setupEndpointRef(driver, PluginEndpoint.class.getName());
        scheduler = env.setupEndpointRef(driver, "CoarseGrainedScheduler");
    }

    @AfterEach
    void disconnect() {
        env.shutdown();
        env.awaitTermination();
        await().atMost(LONG).until(() -> executors().size() == 2);
    }

    private int driverPort() {
        String command = shared.cluster()
                .worker(0)
                .executors()
                .get(0)
                .info()
                .commandLine()
                .orElseThrow();
        Matcher port =
                Pattern.compile("CoarseGrainedScheduler@127\\.0\\.0\\.1:(\\d+)").matcher(command);
        assertTrue(port.find(), command);
        return Integer.parseInt(port.group(1));
    }

    private List<?> executors() {
        return (List<?>) apiClient.get("/api/v1/server").get("executors");
    }

    private static Object message(Object content) {
        return new PluginMessage(TinderboxPlugin.class.getName(), content);
    }

    private Answer ask(String executor, Request<?> request) throws IOException {
        byte[] answer = plugin.askSync(
                message(MessageCodec.encode(new Envelope(executor, request, true))),
                ClassTag$.MODULE$.apply(byte[].class));
        return (Answer) MessageCodec.decode(answer);
    }

    private void register(String id, String host, int cores) {
        scala.collection.immutable.Map<String, String> none = scala.collection.immutable.Map$.MODULE$.empty();
        scheduler.askSync(
                new CoarseGrainedClusterMessages.RegisterExecutor(
                        id,
                        env.setupEndpoint("Executor", new Idle(env)),
                        host,
                        cores,
                        none,
                        none,
                        scala.collection.immutable.Map$.MODULE$.empty(),
                        0),
                ClassTag$.MODULE$.apply(Object.class));
    }

    private record Idle(RpcEnv rpcEnv) implements RpcEndpoint {}

    @Test
    void aMessageThatTakesForEverToDecodeHoldsUpNobody() throws IOException {
        List<?> nested = List.of("x");
        for (int i = 0; i < 6; i++) {
            nested = new ArrayList<>(Collections.nCopies(300, nested));
        }
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bomb)) {
            out.writeObject(new Answer(new HashMap<>(Map.of(new Unhashed(nested, 1), 1)), null));
        }

        plugin.send(message(bomb.toByteArray()));

        assertNotNull(ask("0", new LookAtFile("tb:///samples")).value());
    }

    @Test
    void onlyFilesOfRootsAreSent() throws IOException {
        for (String address : List.of(
                "tb:///samples/../tokens.json",
                "tb:///samples/%2e%2e/tokens.json",
                "tb:////etc/passwd",
                "tb:///uploads/../cluster",
                "tb:///" + "%".repeat(100_000),
                "file:///etc/passwd",
                "")) {
            assertEquals(new Answer(null, null), ask("0", new LookAtFile(address)), address);
        }
    }

    @Test
    void anExecutorThatSparkDoesNotKnowIsNotKept() throws IOException {
        Hello hello = Hello.ofThisProcess(List.of());

        assertEquals("Spark does not know an executor 9000", ask("9000", hello).problem());
    }

    @Test
    void whatAnExecutorSaysOfItselfIsShownOnlyIfItMakesSense() throws IOException {
        register("9001", "node\u001b[31m".repeat(10_000), Integer.MAX_VALUE);
        assertNull(ask("9001", Hello.ofThisProcess(List.of())).problem());

        await().atMost(LONG).until(() -> executors().size() == 3);
        Map<?, ?> shown = (Map<?, ?>) executors().get(2);
        assertEquals("?", shown.get("host"), shown::toString);
        assertEquals(100_000L, shown.get("cores"), shown::toString);
    }

    @Test
    void linesOfAJobComeOnlyFromExecutorsThatWorkForIt() throws IOException {
        String id = apiClient.submit("task-trial", Map.of("input", "in", "trial", "PAUSE"));
        await().atMost(LONG)
                .until(() ->
                        "RUNNING".equals(apiClient.get("/api/v1/jobs/" + id).get("status")));
        LogLines forged = new LogLines(
                List.of(
                        new LogLines.Line(id, LogLine.Level.ERROR, "forged"),
                        new LogLines.Line("no such job", LogLine.Level.ERROR, "forged")),
                List.of(new LogLines.LeftOut(id, 5)));

        assertNull(ask("9002", forged).problem());

        assertEquals("SUCCEEDED", apiClient.awaitEnd(id).get("status"));
        String log = new String(
                apiClient
                        .send(apiClient
                                .request("/api/v1/jobs/" + id + "/log?format=text")
                                .build())
                        .body(),
                StandardCharsets.UTF_8);
        assertFalse(log.contains("forged") || log.contains("left out"), log);
    }
}
