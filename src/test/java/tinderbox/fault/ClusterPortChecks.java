package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tinderbox.cluster.MasterProbe;
import tinderbox.common.MasterUrl;

/** The ports of a cluster: nothing listens but what docs/cluster.md lists. Reads /proc: Linux only. */
abstract class ClusterPortChecks {
    /** Addresses in the kernel's hexadecimal format, as {@code ::ffff:127.0.0.1}. */
    private static final String FIRST = "0000000000000000FFFF00000100007F";

    private static final String SECOND = "0000000000000000FFFF00000200007F";

    private final SharedCluster shared = SharedCluster.get();

    @BeforeEach
    void bothWorkersHaveAnExecutor() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> shared.cluster().workers().stream()
                        .allMatch(worker -> worker.executors().size() == 1));
    }

    @Test
    void nothingListensButTheDocumentedPorts() throws IOException {
        ClusterNode master = shared.cluster().master();
        assertEquals(List.of(), ListeningIT.addresses(master.parent().pid()));
        assertEquals(List.of(FIRST, FIRST), ListeningIT.addresses(master.spark().pid()), "RPC and web page");
        ClusterNode first = shared.cluster().worker(0);
        assertEquals(List.of(FIRST, FIRST), ListeningIT.addresses(first.spark().pid()), "RPC and web page");
        ClusterNode second = shared.cluster().worker(1);
        assertEquals(
                List.of(FIRST, SECOND), ListeningIT.addresses(second.spark().pid()), "web page and RPC");
        ProcessHandle executor = second.executors().get(0);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertEquals(List.of(SECOND), ListeningIT.addresses(executor.pid()), "blocks"));
        assertEquals(
                List.of(FIRST, FIRST, FIRST),
                ListeningIT.addresses(shared.server().pid()),
                "HTTP, and the driver's RPC and blocks");
    }

    @Test
    void whoHasNoSecretIsRefused() {
        assertInstanceOf(
                MasterProbe.SecretMissingHere.class,
                new MasterProbe(MasterUrl.parse(shared.cluster().url()).orElseThrow(), "127.0.0.1", Map.of()).ask());
    }

    @Test
    void theMastersWebPageCannotKill() throws Exception {
        String page = shared.cluster().master().output().replaceFirst("(?s).*Its web page is (http://\\S+).*", "$1");
        HttpRequest kill = HttpRequest.newBuilder(URI.create(page + "app/kill/?id=x&terminate=true"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();

        int status = HttpClient.newHttpClient()
                .send(kill, HttpResponse.BodyHandlers.discarding())
                .statusCode();

        assertEquals(405, status, page);
    }
}
