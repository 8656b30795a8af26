package tinderbox.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import tinderbox.support.ApiClient;
import tinderbox.support.LambdaJob;
import tinderbox.support.TestServer;

/** Where Spark's settings come from. */
class ServerConfTest {
    private static final String PLANTED = "spark.tinderbox.planted";

    private final TestServer server = TestServer.shared();

    private static Map<String, Object> environment(SparkConf conf) throws Exception {
        return Map.of(
                "loopback", InetAddress.getByName(conf.getenv("SPARK_LOCAL_IP")).isLoopbackAddress(),
                "planted", conf.contains(PLANTED));
    }

    @Test
    void theWebUiIsOnLoopbackAndSystemPropertiesAreNotSettings() {
        assumeTrue(System.getenv("SPARK_LOCAL_IP") == null, "the operator has chosen an address");
        System.setProperty(PLANTED, "x");
        server.restart();
        try {
            // The web UI takes its address from this configuration, which is a copy of the server's.
            Map<String, Object> job = LambdaJob.run(
                    new ApiClient(server),
                    context -> environment(context.spark().sparkContext().conf()));
            assertEquals(Map.of("loopback", true, "planted", false), job.get("summary"), job::toString);
            assertFalse(new ServerConf(null).contains(PLANTED));
        } finally {
            System.clearProperty(PLANTED);
            server.restart();
        }
    }
}
