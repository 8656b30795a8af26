package tinderbox.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tinderbox.ExitCode;

/**
 * Runs the same command in another process with another environment, which is where Spark's master and worker look for
 * their home and their secret. The parent waits for its child. The child stops when the parent asks it to, by closing the
 * pipe between them, and ends with it, even if that is killed.
 */
final class ChildProcess {
    private static final String IS_CHILD = "tinderbox.cluster.child";
    private static final List<String> NOT_INHERITED = List.of("SPARK_", "_SPARK_");

    private ChildProcess() {}

    static boolean isChild() {
        return Boolean.getBoolean(IS_CHILD);
    }

    /**
     * Runs the child and waits for its end; a signal stops both.
     *
     * @param arguments the arguments of this process
     * @param stopLimit how long the child may take to stop
     * @return the exit code
     */
    static int run(List<String> arguments, Map<String, String> environment, Duration stopLimit, PrintWriter err)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command(arguments))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().removeIf(name -> NOT_INHERITED.stream().anyMatch(name::startsWith));
        builder.environment().putAll(environment);
        Process child = builder.start();
        StopSignals.onFirst(stopLimit, () -> stop(child));
        int code = child.waitFor();
        if (code > ExitCode.UNAVAILABLE) {
            err.println("tinderbox: the process of this command ended with " + code + "; the log above says why");
            return ExitCode.FAILED;
        }
        return code;
    }

    private static void stop(Process child) {
        try {
            child.getOutputStream().close();
            child.waitFor();
        } catch (IOException e) {
            child.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The command line of this process, with what marks a child. */
    private static List<String> command(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Two processes cannot listen on the port of a debugger.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-agentlib:"))
                .forEach(command::add);
        command.addAll(List.of(
                "-D" + IS_CHILD + "=true", "-jar", CdsArchive.runningJar().toString()));
        command.addAll(arguments);
        return command;
    }

    /** In the child: calls {@code stop} once the parent asks for it, and ends this process at once without a parent. */
    static void followParent(Runnable stop) {
        Optional<ProcessHandle> parent = ProcessHandle.current().parent();
        Thread follower = new Thread(
                () -> {
                    awaitEnd(System.in);
                    stop.run();
                    parent.ifPresent(process -> process.onExit().join());
                    Runtime.getRuntime().halt(ExitCode.FAILED);
                },
                "tinderbox-parent");
        follower.setDaemon(true);
        follower.start();
    }

    private static void awaitEnd(InputStream pipe) {
        try {
            while (pipe.read() >= 0) {
                // The parent sends nothing.
            }
        } catch (IOException e) {
            // The same as the end.
        }
    }
}
