package tinderbox.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A master or a worker of a cluster: the fat JAR, run as a process, with its child and that one's executors. */
public final class ClusterNode implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile(
            "The (?:master|worker) is at (?:spark://)?([^ ,]+).*|.*Starting Spark (?:master at spark://|worker )(\\S+:\\d+).*");
    private static final String REGISTERED = "Successfully registered with master";
    private final WatchedProcess process;
    private final CompletableFuture<String> address = new CompletableFuture<>();
    private final CompletableFuture<Void> registered = new CompletableFuture<>();

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
        // Most of the start of a master or worker is loading Spark's classes, and each is two JVMs.
        command.addAll(SharedClassArchive.options(ServerProcess.jar()));
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
        process = new WatchedProcess(builder, this::look);
    }

    private void look(String line) {
        Matcher matcher = ADDRESS.matcher(line);
        if (matcher.matches()) {
            address.complete(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        if (line.contains(REGISTERED)) {
            registered.complete(null);
        }
    }

    /** Waits until it runs, and returns its host and port. */
    public String address() {
        return process.await(address);
    }

    /** Waits until this worker has registered with a master for the first time. */
    public ClusterNode awaitRegistered() {
        process.await(registered);
        return this;
    }

    /** The process that was started, which waits for its child. */
    public ProcessHandle parent() {
        return process.handle();
    }

    /** The process in which Spark runs. */
    public ProcessHandle spark() {
        return process.handle().children().findFirst().orElseThrow(() -> new IllegalStateException(output()));
    }

    /** The executors of this worker that run now. */
    public List<ProcessHandle> executors() {
        return process.handle().children().flatMap(ProcessHandle::children).toList();
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
        process.stop();
    }

    /** Waits for its end, and returns the exit code. */
    public int awaitExit() {
        return process.awaitExit();
    }

    /** All that it has printed and logged. */
    public String output() {
        return process.output();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends it with its executors at once. */
    @Override
    public void close() {
        process.close();
    }
}
