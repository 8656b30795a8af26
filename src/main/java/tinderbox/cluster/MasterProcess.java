package tinderbox.cluster;

import java.io.IOException;
import java.net.BindException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.DeployMessages.MasterStateResponse;
import org.apache.spark.deploy.DeployMessages.RequestMasterState$;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.master.RecoveryState;
import org.apache.spark.rpc.RpcEnv;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.Tuple3;
import scala.reflect.ClassTag$;

/** Spark's own master in this process. It keeps on the disk what it knows, and continues after a restart. */
public final class MasterProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MasterProcess.class);
    private static final String RECOVERY_MODE = "spark.deploy.recoveryMode";
    private static final String FILES = "FILESYSTEM";

    private final RpcEnv rpc;
    private final int uiPort;

    private final FileLock lock;

    private MasterProcess(RpcEnv rpc, int uiPort, FileLock lock) {
        this.lock = lock;
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
        FileLock lock = folder.lock("master");
        Map<String, String> defaults = Map.of(
                RECOVERY_MODE,
                FILES,
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
        MasterProcess master = start(host, port, uiPort, conf, lock);
        if (conf.get(RECOVERY_MODE).equals(FILES) && master.standsBy()) {
            master.stop();
            Path aside = folder.putRecoveryAside();
            LOG.error(
                    "The master cannot read what it kept of workers and applications, and starts without it: running"
                            + " jobs run again. It is now in {}; look above for the reason",
                    aside);
            master = start(host, port, uiPort, conf, lock);
        }
        return master;
    }

    private static MasterProcess start(String host, int port, int uiPort, SparkConf conf, FileLock lock) {
        Tuple3<RpcEnv, Object, Option<Object>> started = Master.startRpcEnvAndEndpoint(host, port, uiPort, conf);
        return new MasterProcess(started._1(), (int) started._2(), lock);
    }

    /** Whether it has not become the leader, although there is no other master: it has failed to read its files. */
    private boolean standsBy() {
        MasterStateResponse state = rpc.setupEndpointRef(rpc.address(), Master.ENDPOINT_NAME())
                .askSync(RequestMasterState$.MODULE$, ClassTag$.MODULE$.apply(MasterStateResponse.class));
        return state.status().equals(RecoveryState.STANDBY());
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
    public void close() throws IOException {
        stop();
        lock.release();
    }

    private void stop() {
        rpc.shutdown();
        rpc.awaitTermination();
    }
}
