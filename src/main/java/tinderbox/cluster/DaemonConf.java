package tinderbox.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.apache.spark.SparkConf;
import tinderbox.common.LoopbackAddress;

/** What Spark's master and worker have in common. */
final class DaemonConf {
    /** As many as Spark tries for its web pages. */
    private static final int UI_PORTS_TRIED = 16;

    private DaemonConf() {}

    /**
     * The settings of both. The secret comes from the environment.
     *
     * @param extra settings of the operator, which override defaults but none on which safety rests
     */
    static SparkConf of(Map<String, String> defaults, Map<String, String> extra, Map<String, String> fixed) {
        SparkConf conf = new SparkConf(false);
        defaults.forEach(conf::set);
        extra.forEach(conf::set);
        fixed.forEach(conf::set);
        String secured = Boolean.toString(System.getenv(ClusterSecret.VARIABLE) != null);
        conf.set("spark.authenticate", secured);
        conf.set("spark.network.crypto.enabled", secured);
        conf.set("spark.ui.killEnabled", "false");
        // A port that is taken is reported; Spark would take the next one.
        conf.set("spark.port.maxRetries", "0");
        return conf;
    }

    /** A free port for a web page: the preferred one, one of the next, or any. */
    static int uiPort(int preferred) throws IOException {
        InetAddress loopback = InetAddress.getByName(LoopbackAddress.address());
        int last = Math.min(preferred + UI_PORTS_TRIED, 65_535);
        for (int port = preferred; port > 0 && port <= last; port++) {
            try (ServerSocket free = new ServerSocket(port, 1, loopback)) {
                return free.getLocalPort();
            } catch (IOException e) {
                // It is taken.
            }
        }
        try (ServerSocket free = new ServerSocket(0, 1, loopback)) {
            return free.getLocalPort();
        }
    }
}
