package tinderbox.spark;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tinderbox.cluster.ClusterSecret;
import tinderbox.common.LoopbackAddress;
import tinderbox.common.MasterUrl;

/**
 * How a session and its cluster reach each other.
 *
 * @param secret null if there is none
 * @param driverHost null for the address from which the master is reached
 * @param driverPorts of the driver's RPC and of its blocks; empty for any free ones
 * @param coresMax null for all cores of the cluster
 */
public record ClusterSettings(ClusterSecret secret, String driverHost, List<Integer> driverPorts, Integer coresMax) {
    /** What the operator may change. */
    static final Map<String, String> DEFAULTS = Map.of(
            // An executor that is silent for so long is given up, and its tasks run elsewhere.
            "spark.network.timeout", "30s",
            // By default this is checked once a minute.
            "spark.network.timeoutInterval", "2s",
            // With dynamic allocation, a session without work keeps an executor, and with it stays ready.
            "spark.dynamicAllocation.minExecutors", "1");

    /** The settings without the secret, by their Spark names. */
    Map<String, String> all(MasterUrl master) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("spark.driver.host", host(master));
        if (!driverPorts.isEmpty()) {
            all.put("spark.driver.port", driverPorts.get(0).toString());
            all.put("spark.driver.blockManager.port", driverPorts.get(1).toString());
        }
        if (coresMax != null) {
            all.put("spark.cores.max", coresMax.toString());
        }
        String secured = Boolean.toString(secret != null);
        all.put("spark.authenticate", secured);
        all.put("spark.network.crypto.enabled", secured);
        all.put("spark.network.crypto.saslFallback", "false");
        if (secret != null) {
            all.put("spark.authenticate.secret", ServerConf.SECRET_IS_HIDDEN);
        }
        return all;
    }

    /** The address at which executors reach the driver. */
    String host(MasterUrl master) {
        try {
            return driverHost == null ? master.localAddress() : driverHost;
        } catch (IOException e) {
            // Then the master cannot be reached either, and no executor looks for the driver.
            return LoopbackAddress.address();
        }
    }
}
