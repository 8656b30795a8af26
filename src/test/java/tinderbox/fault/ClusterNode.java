package tinderbox.fault;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A master or a worker of a cluster: the fat JAR, run as a process, with its child and that one's executors. */
public final class ClusterNode implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile(
            "The (?:master|worker) is at (?:spark://)?([^ ,]+).*|.*Starting Spark (?:master at spark://|worker )(\\S+:\\d+).*");
    private static final String REGISTERED = "Successfully registered with master";
    private static final long TIMEOUT_SECONDS = 90;
    private static final Set<ClusterNode> STARTED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> STARTED.forEach(ClusterNode::killAll)));
    }

    private final Process process;
    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<String> address = new CompletableFuture<>();
    private final CompletableFuture<Void> registered = new CompletableFuture<>();
    private final Thread reader;

    /**
     * Starts it without waiting.
     *
     * @param program starts it through another program, which must exec the JVM
     * @param arguments the command with its options
     */
    ClusterNode(List<String> program, List<String> arguments) {
        this(new ProcessBuilder(command(program, arguments)));
    }

    private static List<String> command(List<String> program, List<String> arguments) {
        List<String> command = new ArrayList<>(program);
        command.add(java());
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-jar", ServerProcess.jar().toString()));
        command.addAll(arguments);
        return command;
    }

    /** The Java of this process. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Starts a process that prints what the JAR's master or worker, or Spark's own, prints. */
    ClusterNode(ProcessBuilder builder) {
        try {
            process = builder.directory(new File(System.getProperty("java.io.tmpdir")))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        STARTED.add(this);
        reader = new Thread(this::read, "output-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                Matcher matcher = ADDRESS.matcher(line);
                if (matcher.matches()) {
                    address.complete(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
                }
                if (line.contains(REGISTERED)) {
                    registered.complete(null);
                }
            }
        } catch (IOException e) {
            output.add(e.toString());
        }
        IllegalStateException ended = new IllegalStateException("the process has ended:\n" + output());
        address.completeExceptionally(ended);
        registered.completeExceptionally(ended);
    }

    /** Waits until it runs, and returns its host and port. */
    public String address() {
        return await(address);
    }

    /** Waits until this worker has registered with a master for the first time. */
    public ClusterNode awaitRegistered() {
        await(registered);
        return this;
    }

    private <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the process does not come up:\n" + output(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The process that was started, which waits for its child. */
    public ProcessHandle parent() {
        return process.toHandle();
    }

    /** The process in which Spark runs. */
    public ProcessHandle spark() {
        return process.toHandle().children().findFirst().orElseThrow(() -> new IllegalStateException(output()));
    }

    /** The executors of this worker that run now. */
    public List<ProcessHandle> executors() {
        return process.toHandle().children().flatMap(ProcessHandle::children).toList();
    }

    /** Kills the process in which Spark runs with SIGKILL, as the machine's out-of-memory killer would, and waits. */
    public void kill9() {
        signal("KILL", spark());
        awaitExit();
    }

    /** Sends a signal, such as KILL, STOP or CONT, to a process. */
    public static void signal(String name, ProcessHandle target) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(target.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new AssertionError("kill -" + name + " " + target.pid() + " failed with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Whether a process runs; one that has ended may be there for a while, until its new parent asks for its exit code. */
    public static boolean runs(ProcessHandle process) {
        try {
            return process.isAlive()
                    && !Files.readString(Path.of("/proc/" + process.pid() + "/stat"))
                            .contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends SIGTERM, and requires a clean exit. */
    public void stop() {
        signal("TERM", parent());
        int code = awaitExit();
        if (code != 0) {
            throw new AssertionError("it exited with " + code + ":\n" + output());
        }
    }

    /** Waits for its end, and returns the exit code. */
    public int awaitExit() {
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the process does not exit:\n" + output());
            }
            reader.join(TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        STARTED.remove(this);
        return process.exitValue();
    }

    /** All that it has printed and logged. */
    public String output() {
        return String.join("\n", output);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    private void killAll() {
        process.toHandle().descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Ends it with its executors at once. */
    @Override
    public void close() {
        killAll();
        awaitExit();
    }
}
