package tinderbox.spark;

import org.apache.spark.SparkConf;
import tinderbox.cluster.ClusterSecret;
import tinderbox.common.LoopbackAddress;

/** Spark's configuration, without the system properties that Spark would add, and with its web UI on loopback. */
final class ServerConf extends SparkConf {
    private static final long serialVersionUID = 1;

    /** The address of the web UI, which has no setting. Otherwise Spark would listen on all addresses. */
    private static final String UI_ADDRESS = "SPARK_LOCAL_IP";

    /** What Spark must find in the settings of a session with a cluster, although the secret is elsewhere. */
    static final String SECRET_IS_HIDDEN = "(hidden)";

    /** Not a setting: a query can read those, and Spark's web UI shows them. */
    private final transient ClusterSecret secret;

    /** No settings; {@code secret} is null if there is none. */
    ServerConf(ClusterSecret secret) {
        super(false);
        this.secret = secret;
    }

    @Override
    public String getenv(String name) {
        if (name.equals(ClusterSecret.VARIABLE)) {
            return secret == null ? null : secret.text();
        }
        String value = super.getenv(name);
        return value == null && name.equals(UI_ADDRESS) ? LoopbackAddress.address() : value;
    }

    /** So that the rules for what is logged still apply. */
    @Override
    public String logName() {
        return SparkConf.class.getName();
    }

    /** The context uses a copy. */
    @Override
    public SparkConf clone() {
        ServerConf copy = new ServerConf(secret);
        for (var setting : getAll()) {
            copy.set(setting._1(), setting._2());
        }
        return copy;
    }
}
