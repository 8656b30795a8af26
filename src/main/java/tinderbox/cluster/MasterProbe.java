package tinderbox.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.ApplicationDescription;
import org.apache.spark.deploy.DeployMessages.MasterStateResponse;
import org.apache.spark.deploy.DeployMessages.RequestMasterState$;
import org.apache.spark.deploy.master.ApplicationInfo;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.master.RecoveryState;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;
import scala.reflect.ClassTag$;
import tinderbox.common.MasterUrl;
import tinderbox.config.Setting;

/**
 * Asks the masters of a standalone cluster who they are and which applications they know. A probe listens on no port, and
 * closes its connections before it answers. Thread-safe.
 */
public final class MasterProbe {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String SECRET_FILE = Setting.CLUSTER_SECRET_FILE.flag();

    private final MasterUrl url;
    private final String host;
    private final Map<String, String> settings;
    private final Duration timeout;

    /** What the masters say. */
    public sealed interface Answer {}

    /**
     * A master works.
     *
     * @param master its URL, such as {@code spark://node1:7077}
     * @param applications the applications that it knows and that have not ended, by id
     * @param workers what each worker has altogether; among them may be some that have gone in the last 16 minutes
     */
    public record Answered(String master, Map<String, Application> applications, List<Size> workers) implements Answer {
        public Answered {
            applications = Map.copyOf(applications);
            workers = List.copyOf(workers);
        }
    }

    /**
     * What a master knows of an application.
     *
     * @param executor what each of its executors needs
     * @param executorEnded whether an executor has ended by itself, and none has started since
     */
    public record Application(Size executor, boolean executorEnded) {}

    /** Of an executor or a worker. */
    public record Size(int cores, int memoryMib) {
        /** Whether something of another size has a place in this. */
        public boolean holds(Size other) {
            return cores >= other.cores && memoryMib >= other.memoryMib;
        }

        /** Such as {@code 1024 MiB and 1 core}. */
        @Override
        public String toString() {
            return memoryMib + " MiB and " + cores + (cores == 1 ? " core" : " cores");
        }
    }

    /**
     * No master answers.
     *
     * @param reason what was tried and what happened, such as {@code connection refused}
     */
    public record Unreachable(String reason) implements Answer {}

    /** The secrets of both sides differ. */
    public sealed interface SecretProblem extends Answer {
        /** What is wrong and what to do, as a sentence without its capital and full stop. */
        String text();
    }

    /** A master has another secret. */
    public record WrongSecret(String master) implements SecretProblem {
        @Override
        public String text() {
            return "the master " + master + " has another secret; give " + SECRET_FILE + " a copy of the master's file";
        }
    }

    /** A master demands a secret, and the settings have none. */
    public record SecretMissingHere(String master) implements SecretProblem {
        @Override
        public String text() {
            return "the master " + master + " demands a secret; give " + SECRET_FILE + " a copy of its file";
        }
    }

    /** The settings have a secret, and a master knows nothing of secrets. */
    public record SecretMissingThere(String master) implements SecretProblem {
        @Override
        public String text() {
            return "the master " + master + " has no secret; restart it with " + SECRET_FILE + " and the same secret";
        }
    }

    /**
     * A probe that has asked nobody yet.
     *
     * @param host the address of this machine that Spark may use
     * @param settings Spark's settings by name; those for authentication, encryption and the network matter
     */
    public MasterProbe(MasterUrl url, String host, Map<String, String> settings) {
        this(url, host, settings, TIMEOUT);
    }

    /**
     * As above.
     *
     * @param timeout how long to wait for each step with one master: to connect, to find its endpoint, for its answer
     */
    MasterProbe(MasterUrl url, String host, Map<String, String> settings, Duration timeout) {
        this.url = url;
        this.host = host;
        this.settings = Map.copyOf(settings);
        this.timeout = timeout;
    }

    /**
     * Asks each master until one answers. Takes some seconds for each that is silent. If none answers, the first one with
     * a problem of its secret decides.
     */
    public Answer ask() {
        List<String> masters = url.urls();
        List<Answer> problems = new ArrayList<>();
        for (String master : masters) {
            Answer answer = ask(master);
            if (answer instanceof Answered) {
                return answer;
            }
            problems.add(answer);
        }
        return problems.stream()
                .filter(answer -> !(answer instanceof Unreachable))
                .findFirst()
                .orElseGet(() -> unreachable(masters, problems));
    }

    private static Answer unreachable(List<String> masters, List<Answer> problems) {
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < masters.size(); i++) {
            String reason = ((Unreachable) problems.get(i)).reason();
            reasons.add(
                    masters.size() == 1
                            ? reason
                            : RpcAddress.fromSparkURL(masters.get(i)).hostPort() + ": " + reason);
        }
        return new Unreachable(String.join("; ", reasons));
    }

    private Answer ask(String master) {
        ProbeConf conf = new ProbeConf(settings, timeout);
        SecurityManager security = new SecurityManager(
                conf, Option.empty(), org.apache.spark.internal.config.package$.MODULE$.AUTH_SECRET_FILE());
        RpcAddress address = RpcAddress.fromSparkURL(master);
        RpcEnv env = null;
        try {
            // Which also throws, if the settings make no sense.
            env = RpcEnv.create("tinderbox-probe", host, host, -1, conf, security, 1, true);
            RpcEndpointRef endpoint = env.setupEndpointRef(address, Master.ENDPOINT_NAME());
            return answer(
                    master,
                    endpoint.askSync(RequestMasterState$.MODULE$, ClassTag$.MODULE$.apply(MasterStateResponse.class)));
        } catch (Throwable e) {
            // Scala does not declare what it throws.
            return new MasterHandshake(address, conf, security, timeout).explain(master, e);
        } finally {
            if (env != null) {
                env.shutdown();
                env.awaitTermination();
            }
        }
    }

    private Answer answer(String master, MasterStateResponse state) {
        if (state.status().equals(RecoveryState.STANDBY())) {
            return new Unreachable(url.urls().size() == 1 ? "it is starting" : "it stands by for another master");
        }
        return new Answered(
                master,
                Arrays.stream(state.activeApps())
                        .collect(Collectors.toMap(
                                ApplicationInfo::id,
                                app -> new Application(executorSize(app.desc()), app.retryCount() > 0))),
                Arrays.stream(state.workers())
                        .map(worker -> new Size(worker.cores(), worker.memory()))
                        .toList());
    }

    private static Size executorSize(ApplicationDescription application) {
        // Without spark.executor.cores, an executor takes all cores of its worker, at least one.
        int cores = application.coresPerExecutor().isDefined()
                ? (int) application.coresPerExecutor().get()
                : 1;
        return new Size(cores, application.memoryPerExecutorMB());
    }

    /** The settings, with short waits, and without what the environment or Java's system properties would add. */
    private static final class ProbeConf extends SparkConf {
        private static final long serialVersionUID = 1;

        ProbeConf(Map<String, String> settings, Duration timeout) {
            super(false);
            settings.forEach(this::set);
            String limit = timeout.toMillis() + "ms";
            set("spark.rpc.lookupTimeout", limit);
            set("spark.rpc.askTimeout", limit);
            set("spark.rpc.io.connectionTimeout", limit);
            set("spark.rpc.io.connectionCreationTimeout", limit);
            set("spark.network.auth.rpcTimeout", limit);
        }

        /** A secret of the environment would replace that of the settings. */
        @Override
        public String getenv(String name) {
            return null;
        }
    }
}
