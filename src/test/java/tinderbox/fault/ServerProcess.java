package tinderbox.fault;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tinderbox.support.ApiClient;

/** The fat JAR, run as a process. */
public final class ServerProcess implements AutoCloseable {
    /** The exit code of a killed process. */
    public static final int KILLED = 128 + 9;

    /** Faster to start on few cores. Tests do not measure speed. */
    private static final List<String> LIGHT_JVM = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final String ADDRESS_PREFIX = "Tinderbox is at ";
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");
    private final WatchedProcess process;
    private final CompletableFuture<URI> uri = new CompletableFuture<>();

    /** Describes the process to start. */
    public static final class Launch {
        private final Path dataDir;
        private final List<String> jvm = new ArrayList<>(List.of("-Xmx512m"));
        private final List<String> arguments = new ArrayList<>();
        private final List<String> prefix = new ArrayList<>();
        private int port;
        private boolean withoutClassArchive;
        private boolean withProductionJvm;
        private Path classPath;
        private String main;

        private Launch(Path dataDir) {
            this.dataDir = dataDir;
        }

        /** Adds options of the JVM. */
        public Launch jvm(String... options) {
            jvm.addAll(List.of(options));
            return this;
        }

        /** Adds options of the server. */
        public Launch with(String... options) {
            arguments.addAll(List.of(options));
            return this;
        }

        /** Starts it through another program, such as {@code setpriv}, which must exec the JVM. */
        public Launch wrappedBy(String... program) {
            prefix.addAll(List.of(program));
            return this;
        }

        /** Listens on this port instead of a free one. */
        public Launch port(int number) {
            port = number;
            return this;
        }

        /** Omits the options that make the start faster and the work slower; for measurements. */
        public Launch withProductionJvm() {
            withProductionJvm = true;
            return this;
        }

        /** Omits the {@link SharedClassArchive}. */
        Launch withoutClassArchive() {
            withoutClassArchive = true;
            return this;
        }

        /** Adds a folder of classes to the class path, for classes that Spark loads by name. */
        Launch classPath(Path classes) {
            classPath = classes;
            return this;
        }

        /** Starts another main class, which serves as the JAR does. */
        public Launch program(Class<?> program, Path classes) {
            main = program.getName();
            return classPath(classes);
        }

        /** Starts the process without waiting. */
        public ServerProcess launch() {
            return new ServerProcess(this);
        }

        /** Starts the process and waits until it serves. */
        public ServerProcess start() {
            ServerProcess started = launch();
            try {
                started.uri();
            } catch (RuntimeException | Error e) {
                started.close();
                throw e;
            }
            return started;
        }

        private List<String> command() {
            List<String> command = new ArrayList<>(prefix);
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            Path jar = jar();
            if (!withProductionJvm) {
                command.addAll(LIGHT_JVM);
            }
            if (!withoutClassArchive && !withProductionJvm) {
                command.addAll(SharedClassArchive.options(jar));
            }
            command.addAll(jvm);
            command.addAll(classPath == null ? List.of("-jar", jar.toString()) : withClassPath(jar));
            command.addAll(List.of("--port", Integer.toString(port), "--data-dir", dataDir.toString()));
            if (!withProductionJvm && main == null) {
                // Costs more than the rest of the start, and most servers of tests run a few jobs.
                command.add("--no-warm-up");
            }
            command.addAll(arguments);
            return command;
        }

        /** The options that {@code -jar}, which allows only one JAR, reads from the manifest. */
        private List<String> withClassPath(Path jar) {
            try (JarFile file = new JarFile(jar.toFile())) {
                Attributes manifest = file.getManifest().getMainAttributes();
                List<String> options = new ArrayList<>();
                for (String packageName : manifest.getValue("Add-Opens").split(" ", -1)) {
                    options.add("--add-opens=" + packageName + "=ALL-UNNAMED");
                }
                options.addAll(List.of(
                        "-cp",
                        jar + File.pathSeparator + classPath,
                        main == null ? manifest.getValue("Main-Class") : main));
                return options;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private ServerProcess(Launch launch) {
        process = new WatchedProcess(new ProcessBuilder(launch.command()), line -> {
            if (line.startsWith(ADDRESS_PREFIX)) {
                uri.complete(URI.create(line.substring(ADDRESS_PREFIX.length())));
            }
        });
    }

    /** The fat JAR. */
    public static Path jar() {
        String jar = System.getProperty("tinderbox.jar");
        if (jar == null) {
            throw new IllegalStateException("name the fat JAR with -Dtinderbox.jar=…; Maven does");
        }
        return Path.of(jar);
    }

    /** The options with which a JVM of a test starts the JAR most quickly. */
    public static List<String> quickStartOptions() {
        List<String> options = new ArrayList<>(LIGHT_JVM);
        options.addAll(SharedClassArchive.options(jar()));
        return options;
    }

    /** A server on this data dir. */
    public static Launch on(Path dataDir) {
        return new Launch(dataDir);
    }

    /** Waits until the server is ready, and returns its address. */
    public URI uri() {
        return process.await(uri);
    }

    public ApiClient apiClient() {
        return new ApiClient(this::uri, this::state);
    }

    private String state() {
        return (isAlive() ? "The server is alive" : "The server has exited with " + process.exitCode())
                + ". Its output:\n" + output();
    }

    public long pid() {
        return process.handle().pid();
    }

    /** How many bytes of its heap are reachable, after a full collection. */
    public long liveBytes() throws IOException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process jcmdRun = new ProcessBuilder(jcmd.toString(), Long.toString(pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String histogram = new String(jcmdRun.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher total = TOTAL.matcher(histogram);
        if (!total.find()) {
            throw new IOException("unexpected output of jcmd: " + histogram);
        }
        return Long.parseLong(total.group(1));
    }

    /** The CPU time that it has used. */
    public Duration cpu() {
        return process.handle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** All that it has printed and logged. */
    public String output() {
        return process.output();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it with SIGKILL and waits for its end. */
    public void kill9() {
        process.kill();
        int code = awaitExit();
        if (code != KILLED) {
            throw new AssertionError("expected to be killed, but exited with " + code + ":\n" + output());
        }
    }

    /** Sends signals at once, such as TERM, STOP or CONT. */
    public void signal(String... names) {
        String kills =
                Stream.of(names).map(name -> "kill -" + name + " " + pid()).collect(Collectors.joining(" && "));
        try {
            int code = new ProcessBuilder("sh", "-c", kills).inheritIO().start().waitFor();
            if (code != 0) {
                throw new AssertionError(kills + " failed with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits for its end and returns the exit code. */
    public int awaitExit() {
        return process.awaitExit();
    }

    /** Sends SIGTERM and requires a clean exit. */
    public void stop() {
        process.stop();
    }

    @Override
    public void close() {
        process.close();
    }
}
