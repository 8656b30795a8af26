package tinderbox.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A standalone cluster of the fat JAR's own master and workers, as processes on loopback with a secret. Workers have
 * different addresses of loopback, so that Spark takes them for different hosts.
 */
public final class Cluster implements AutoCloseable {
    /** Of one executor in {@link #serverOptions}. */
    private static final String EXECUTOR_MEMORY = "512m";

    private static final String SECRET_FILE = "--cluster-secret-file";

    private final Path folder;
    private final List<ClusterNode> workers = new ArrayList<>();
    private List<String> masterOptions = List.of();
    private ClusterNode master;
    private String address = "127.0.0.1:0";

    private Cluster(Path folder) {
        this.folder = folder;
    }

    /** A cluster whose files are in this folder, and of which nothing runs yet. */
    public static Cluster in(Path folder) {
        try {
            Files.createDirectories(folder);
            Path secret = folder.resolve("secret");
            if (!Files.exists(secret)) {
                byte[] bytes = new byte[32];
                new SecureRandom().nextBytes(bytes);
                Files.createFile(
                        secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(secret, HexFormat.of().formatHex(bytes));
            }
            return new Cluster(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A cluster with a master and this many workers, which have registered. */
    public static Cluster start(Path folder, int workerCount) {
        Cluster cluster = in(folder);
        try {
            cluster.startMaster();
            for (int i = 0; i < workerCount; i++) {
                cluster.startWorker();
            }
            cluster.workers().forEach(ClusterNode::awaitRegistered);
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** Starts the master, at the port that an earlier one had; {@code options} also count for later ones if given. */
    public ClusterNode startMaster(String... options) {
        return startMaster(List.of(), options);
    }

    /** As above, through another program, which must exec the JVM. */
    ClusterNode startMaster(List<String> program, String... options) {
        if (options.length > 0) {
            masterOptions = List.of(options);
        }
        master = new ClusterNode(program, masterArguments(masterOptions));
        address = master.address();
        return master;
    }

    private String port() {
        return address.replaceFirst(".*:", "");
    }

    /** Starts another master without waiting, for one that will not come up. */
    ClusterNode launchMaster(String... options) {
        return new ClusterNode(List.of(), masterArguments(List.of(options)));
    }

    private List<String> masterArguments(List<String> options) {
        List<String> arguments = new ArrayList<>(List.of("master"));
        Map<String, String> all = common("master");
        all.put("--port", port());
        addTo(arguments, all, options);
        return arguments;
    }

    /** Adds {@code options}, which come in pairs, and those of {@code defaults} that they do not replace. */
    private static void addTo(List<String> arguments, Map<String, String> defaults, List<String> options) {
        defaults.keySet().removeIf(options::contains);
        defaults.forEach((option, value) -> arguments.addAll(List.of(option, value)));
        arguments.addAll(options);
    }

    /** As {@link #startMaster}, but the master has forgotten all workers and applications. */
    public ClusterNode startMasterWithoutRecovery() {
        try {
            Path recovery = folder.resolve("master/cluster/recovery");
            if (Files.exists(recovery)) {
                Soak.delete(recovery);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return startMaster();
    }

    /**
     * Starts the next worker, with two cores and an address of its own, without waiting until it registers.
     *
     * @param options more options of the command, or others than the usual ones, each with its value
     */
    public ClusterNode startWorker(String... options) {
        return startWorker(List.of(), options);
    }

    /** As above, through another program, such as {@code unshare -m}, which must exec the JVM. */
    public ClusterNode startWorker(List<String> program, String... options) {
        int number = workers.size() + 1;
        ClusterNode worker = new ClusterNode(program, workerArguments(number, options));
        workers.add(worker);
        return worker;
    }

    /** Starts a worker again that has ended; it is in the place of the old one. */
    public ClusterNode restartWorker(int index, String... options) {
        ClusterNode worker = new ClusterNode(List.of(), workerArguments(index + 1, options));
        workers.set(index, worker);
        return worker;
    }

    /** Starts the master of another distribution of Spark, without recovery, in the folder {@code home}. */
    ClusterNode startPlainMaster(Path home) {
        master = plain(home, "master.Master", "--host", "127.0.0.1", "--port", port());
        address = master.address();
        return master;
    }

    /** Starts the next worker, of another distribution of Spark. */
    ClusterNode startPlainWorker(Path home) {
        String host = "127.0.0." + (workers.size() + 1);
        Path work = folder.resolve("work-" + host);
        ClusterNode worker = plain(
                home,
                "worker.Worker",
                "--host",
                host,
                "--cores",
                "2",
                "--memory",
                "700m",
                "-d",
                work.toString(),
                url());
        workers.add(worker);
        return worker;
    }

    private ClusterNode plain(Path home, String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                ClusterNode.java(),
                "-Xmx256m",
                "-Dspark.authenticate=true",
                "-Dspark.network.crypto.enabled=true",
                "-Dspark.master.rest.enabled=false",
                "-cp",
                home.resolve("jars") + "/*",
                "org.apache.spark.deploy." + main,
                "--webui-port",
                "0"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        try {
            builder.environment()
                    .putAll(Map.of(
                            "SPARK_HOME", home.toString(),
                            "SPARK_SCALA_VERSION", "2.13",
                            "SPARK_LOCAL_IP", "127.0.0.1",
                            "JAVA_HOME", System.getProperty("java.home"),
                            "_SPARK_AUTH_SECRET", Files.readString(secretFile())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ClusterNode(builder);
    }

    private List<String> workerArguments(int number, String... options) {
        List<String> arguments = new ArrayList<>(List.of("worker", url()));
        Map<String, String> all = common("worker-" + number);
        all.put("--host", "127.0.0." + number);
        all.put("--cores", "2");
        all.put("--memory", "700MiB");
        addTo(arguments, all, List.of(options));
        return arguments;
    }

    private Map<String, String> common(String name) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("--data-dir", folder.resolve(name).toString());
        all.put(SECRET_FILE, secretFile().toString());
        return all;
    }

    /** The address of the master, also while it is away. */
    public String url() {
        return "spark://" + address;
    }

    public Path secretFile() {
        return folder.resolve("secret");
    }

    public ClusterNode master() {
        return master;
    }

    public ClusterNode worker(int index) {
        return workers.get(index);
    }

    public List<ClusterNode> workers() {
        return List.copyOf(workers);
    }

    /** The options with which a server uses this cluster; its executors are small. */
    public String[] serverOptions() {
        return new String[] {
            "--master",
            url(),
            SECRET_FILE,
            secretFile().toString(),
            "--spark-conf",
            "spark.executor.memory=" + EXECUTOR_MEMORY
        };
    }

    /** As above, with executors that start faster and work slower; not for measurements. */
    String[] quickServerOptions() {
        // The class path of an executor is the same JAR, so it can use the servers' archive of classes.
        String quick = ServerProcess.quickStartOptions().stream()
                .map(option -> '"' + option + '"')
                .collect(Collectors.joining(" "));
        return Stream.concat(
                        Stream.of(serverOptions()),
                        Stream.of("--spark-conf", "spark.executor.extraJavaOptions=" + quick))
                .toArray(String[]::new);
    }

    /** Ends all processes at once. */
    @Override
    public void close() {
        workers.forEach(ClusterNode::close);
        if (master != null) {
            master.close();
        }
    }
}
