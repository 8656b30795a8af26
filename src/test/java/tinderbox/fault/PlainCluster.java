package tinderbox.fault;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A standalone cluster of a Spark without Tinderbox: Spark's own master and workers, from a folder of its JARs. */
final class PlainCluster implements AutoCloseable {
    private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
    private static final String REGISTERED = "Successfully registered with master";
    /** What is bundled but does not come with Spark. */
    private static final Pattern OURS =
            Pattern.compile("(dsl-json|undertow|xnio|wildfly|jboss|HikariCP|hsqldb|picocli).*");

    private final Path folder;
    private final String secret;
    private final List<Process> processes = new ArrayList<>();

    /**
     * A cluster of which nothing runs yet.
     *
     * @param secret that its master and workers demand
     */
    PlainCluster(Path folder, String secret) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.secret = secret;
    }

    /** Spark's JARs, from the libraries that the build bundles. */
    static List<Path> jarsOfTheBuild() throws IOException {
        return Stream.of(Files.readString(Path.of("target", "bundled-libraries"))
                        .strip()
                        .split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(jar -> !OURS.matcher(jar.getFileName().toString()).matches())
                .toList();
    }

    /**
     * A JAR with these classes of Tinderbox, none of which can be loaded: a class loader that looks for them here first fails.
     */
    static Path brokenTinderbox(Path jar, List<String> classes) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (String name : classes) {
                out.putNextEntry(new JarEntry(name.replace('.', '/') + ".class"));
                out.write(new byte[] {1, 2, 3, 4});
                out.closeEntry();
            }
        }
        return jar;
    }

    /** An installation with these JARs. */
    Path install(String name, List<Path> jars) throws IOException {
        Path jarFolder = Files.createDirectories(folder.resolve(name).resolve("jars"));
        for (Path jar : jars) {
            Files.createSymbolicLink(jarFolder.resolve(jar.getFileName()), jar.toAbsolutePath());
        }
        return folder.resolve(name);
    }

    /** Starts the master, and returns its address. */
    String startMaster(Path home) throws IOException {
        Path output = start(
                home,
                "master",
                "org.apache.spark.deploy.master.Master",
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--webui-port",
                "0");
        Awaitility.await().until(() -> MASTER.matcher(Files.readString(output)).find());
        Matcher address = MASTER.matcher(Files.readString(output));
        if (!address.find()) {
            throw new IllegalStateException(Files.readString(output));
        }
        return address.group(1);
    }

    /** Starts a worker on this address of loopback, and waits until it has registered. */
    void startWorker(Path home, String host, String master) throws IOException {
        Path output = start(
                home,
                "worker-" + host,
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                host,
                "--cores",
                "1",
                "--memory",
                "700m",
                "--webui-port",
                "0",
                "--work-dir",
                folder.resolve("work-" + host).toString(),
                master);
        Awaitility.await().until(() -> Files.readString(output).contains(REGISTERED));
    }

    private Path start(Path home, String name, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        try (JarFile fat = new JarFile(ServerProcess.jar().toFile())) {
            for (String opened :
                    fat.getManifest().getMainAttributes().getValue("Add-Opens").split(" ", -1)) {
                command.add("--add-opens=" + opened + "=ALL-UNNAMED");
            }
        }
        command.addAll(List.of(
                "-Dspark.authenticate=true",
                "-Dspark.network.crypto.enabled=true",
                "-Dspark.master.rest.enabled=false",
                "-cp",
                home.resolve("jars") + "/*",
                program));
        command.addAll(List.of(arguments));
        Path output = folder.resolve(name + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("SPARK_HOME", home.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("_SPARK_AUTH_SECRET", secret);
        processes.add(builder.start());
        return output;
    }

    /** What the executors of all workers have written. */
    String executorOutput() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.endsWith("stderr"))
                    .map(path -> {
                        try {
                            return Files.readString(path);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .collect(Collectors.joining("\n"));
        }
    }

    /** How many executors the workers have started. */
    long executorsStarted() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.endsWith("stderr")).count();
        }
    }

    /** Ends all processes, workers first; executors end with their worker. */
    @Override
    public void close() throws IOException {
        for (int i = processes.size() - 1; i >= 0; i--) {
            Process process = processes.get(i);
            List<ProcessHandle> executors = process.descendants().toList();
            process.destroy();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            executors.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
