package tinderbox.cluster;

import java.io.IOException;
import java.net.BindException;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;
import scala.Tuple3;

/** Spark's own master in this process. It keeps on the disk what it knows, and continues after a restart. */
public final class MasterProcess implements AutoCloseable {
    private final RpcEnv rpc;
    private final int uiPort;

    private MasterProcess(RpcEnv rpc, int uiPort) {
        this.rpc = rpc;
        this.uiPort = uiPort;
    }

    /**
     * Starts the master.
     *
     * @param port 0 for any free one
     * @param extra settings of the operator
     * @throws BindException if another master uses the folder, or the port cannot be used
     */
    public static MasterProcess start(
            String host, int port, int uiPort, ClusterFolder folder, Map<String, String> extra) throws IOException {
        folder.lock("master");
        Map<String, String> defaults = Map.of(
                "spark.deploy.recoveryMode",
                "FILESYSTEM",
                "spark.deploy.recoveryDirectory",
                folder.recovery().toString(),
                // How long it waits after a restart for workers and applications that are gone.
                "spark.deploy.recoveryTimeout",
                "30s",
                // Jobs that run out of memory must not remove the application, with the jobs of everybody else.
                "spark.deploy.maxExecutorRetries",
                "-1");
        SparkConf conf = DaemonConf.of(defaults, extra, Map.of("spark.master.rest.enabled", "false"));
        DaemonConf.requireFree(host, port);
        Tuple3<RpcEnv, Object, Option<Object>> started = Master.startRpcEnvAndEndpoint(host, port, uiPort, conf);
        return new MasterProcess(started._1(), (int) started._2());
    }

    /** The address for workers and servers. */
    public String url() {
        return rpc.address().toSparkURL();
    }

    /** The port of its web page, on loopback. */
    public int uiPort() {
        return uiPort;
    }

    /** Stops it. Executors go on, and so do workers, which wait for the next master at this address. */
    @Override
    public void close() {
        rpc.shutdown();
        rpc.awaitTermination();
    }
}
