package tinderbox.spark;

import org.apache.spark.SparkConf;
import tinderbox.common.LoopbackAddress;

/** Spark's configuration, without the system properties that Spark would add, and with its web UI on loopback. */
final class ServerConf extends SparkConf {
    private static final long serialVersionUID = 1;

    /** The address of the web UI, which has no setting. Otherwise Spark would listen on all addresses. */
    private static final String UI_ADDRESS = "SPARK_LOCAL_IP";

    ServerConf() {
        super(false);
    }

    @Override
    public String getenv(String name) {
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
        ServerConf copy = new ServerConf();
        for (var setting : getAll()) {
            copy.set(setting._1(), setting._2());
        }
        return copy;
    }
}
