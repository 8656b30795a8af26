package tinderbox.cluster;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.apache.spark.SparkConf;
import tinderbox.common.ListenFailure;
import tinderbox.common.LoopbackAddress;

/** What Spark's master and worker have in common. */
final class DaemonConf {
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
        // Only in the URL of the web page that Spark logs.
        conf.set("spark.driver.host", LoopbackAddress.address());
        return conf;
    }

    /**
     * Ensures that a port can be used; otherwise Spark would take the next one.
     *
     * @param port 0 for any free one
     * @throws BindException if it is taken, or {@code host} is no address of this machine
     */
    static void requireFree(String host, int port) throws IOException {
        try {
            new ServerSocket(port, 1, InetAddress.getByName(host)).close();
        } catch (BindException e) {
            throw ListenFailure.explained(host, port, e);
        }
    }
}
