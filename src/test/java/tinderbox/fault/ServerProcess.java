package tinderbox.fault;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tinderbox.support.ApiClient;

/** The fat JAR, run as a process of its own: what happens to it happens for real. */
public final class ServerProcess implements AutoCloseable {
    /** How a process ends that is killed. */
    public static final int KILLED = 128 + 9;

    private static final String AT = "Tinderbox is at ";
    private static final long WAIT_SECONDS = 60;
    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");
    private static final Set<Process> STARTED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> STARTED.forEach(Process::destroyForcibly)));
    }

    private final Process process;
    private final CompletableFuture<URI> uri = new CompletableFuture<>();
    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private final Thread reader;

    /** What is to be started. */
    public static final class Launch {
        private final Path dataDir;
        private final List<String> jvm = new ArrayList<>(List.of("-Xmx512m"));
        private final List<String> arguments = new ArrayList<>();
        private final List<String> prefix = new ArrayList<>();
        private int port;
        private boolean cold;
        private boolean asUsersDo;
        private Path beside;
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

        /** Has another program start it, such as {@code setpriv}; it must become the JVM. */
        public Launch by(String... program) {
            prefix.addAll(List.of(program));
            return this;
        }

        /** Has it listen on this port, rather than on any free one. */
        public Launch port(int number) {
            port = number;
            return this;
        }

        /** Does without what makes a start quick and work slow: for measurements. */
        public Launch asUsersDo() {
            asUsersDo = true;
            return this;
        }

        /** Does without the {@link SharedClassArchive}. */
        Launch cold() {
            cold = true;
            return this;
        }

        /** Puts a folder of classes beside the JAR, for Spark to find what is named to it. */
        Launch beside(Path classes) {
            beside = classes;
            return cold();
        }

        /** Starts another program of these classes, which serves as the JAR does. */
        public Launch program(Class<?> program, Path classes) {
            main = program.getName();
            return beside(classes);
        }

        /** Starts the process, and waits for nothing. */
        public ServerProcess begin() {
            return new ServerProcess(this);
        }

        /** Starts the process, and waits until it serves. */
        public ServerProcess start() {
            ServerProcess started = begin();
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
            if (!asUsersDo) {
                // Quick to start on few cores; what is tested here is not speed.
                command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
            }
            if (!cold && !asUsersDo) {
                command.add(SharedClassArchive.option(jar));
            }
            command.addAll(jvm);
            command.addAll(beside == null ? List.of("-jar", jar.toString()) : withClassPath(jar));
            command.addAll(List.of("--port", Integer.toString(port), "--data-dir", dataDir.toString()));
            command.addAll(arguments);
            return command;
        }

        /** What {@code -jar}, which knows one JAR only, takes from its manifest. */
        private List<String> withClassPath(Path jar) {
            try (JarFile file = new JarFile(jar.toFile())) {
                Attributes manifest = file.getManifest().getMainAttributes();
                List<String> options = new ArrayList<>();
                for (String opened : manifest.getValue("Add-Opens").split(" ", -1)) {
                    options.add("--add-opens=" + opened + "=ALL-UNNAMED");
                }
                options.addAll(List.of(
                        "-cp",
                        jar + File.pathSeparator + beside,
                        main == null ? manifest.getValue("Main-Class") : main));
                return options;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private ServerProcess(Launch launch) {
        try {
            this.process = new ProcessBuilder(launch.command())
                    .directory(new File(System.getProperty("java.io.tmpdir")))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        STARTED.add(process);
        this.reader = new Thread(this::read, "output-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** The fat JAR. */
    public static Path jar() {
        String jar = System.getProperty("tinderbox.jar");
        if (jar == null) {
            throw new IllegalStateException("name the fat JAR with -Dtinderbox.jar=…; Maven does");
        }
        return Path.of(jar);
    }

    /** A server on this data dir. */
    public static Launch on(Path dataDir) {
        return new Launch(dataDir);
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                if (line.startsWith(AT)) {
                    uri.complete(URI.create(line.substring(AT.length())));
                }
            }
        } catch (IOException e) {
            output.add(e.toString());
        }
        uri.completeExceptionally(new IllegalStateException("the process ended before it served:\n" + output()));
    }

    /** Where it serves; waits until it does. */
    public URI uri() {
        try {
            return uri.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the process does not serve:\n" + output(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Its API. */
    public ApiClient apiClient() {
        return new ApiClient(this::uri, this::state);
    }

    private String state() {
        return (isAlive() ? "The server is alive" : "The server has ended with " + process.exitValue()) + ". It said:\n"
                + output();
    }

    /** The id of the process. */
    public long pid() {
        return process.pid();
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
            throw new IOException("jcmd answers: " + histogram);
        }
        return Long.parseLong(total.group(1));
    }

    /** How much processor time it has used. */
    public Duration cpu() {
        return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** What it has printed and logged. */
    public String output() {
        return String.join("\n", output);
    }

    /** Whether it has not ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it without a chance to do anything, and sees that it is dead. */
    public void kill9() {
        process.destroyForcibly();
        int code = awaitExit();
        if (code != KILLED) {
            throw new AssertionError("it was to be killed, but had ended with " + code + ":\n" + output());
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

    /** Waits until it has ended, and answers with its exit code. */
    public int awaitExit() {
        try {
            if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the process does not end:\n" + output());
            }
            reader.join(TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        STARTED.remove(process);
        return process.exitValue();
    }

    /** Asks it to stop, and sees that it does so in good order. */
    public void stop() {
        signal("TERM");
        int code = awaitExit();
        if (code != 0) {
            throw new AssertionError("it stopped with " + code + ":\n" + output());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitExit();
    }
}
