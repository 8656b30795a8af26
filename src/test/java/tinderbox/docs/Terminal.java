package tinderbox.docs;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A bash in which the commands of one document run one after another, as a reader runs them in one terminal. */
final class Terminal implements AutoCloseable {
    private static final long END_SECONDS = 30;

    /** Most that is read of what a command has printed, in bytes. */
    private static final int MAX_PRINTED = 1 << 20;

    /** A bash whose processes are a group, so that all of them can be ended, also those whose parent has ended. */
    private static final String OWN_GROUP =
            "import os; os.setsid(); os.execlp('bash', 'bash', '--norc', '--noprofile')";

    /** Ends the group if this JVM is killed; the shell's command {@code wait} does not wait for it. */
    private static final String WATCH =
            "{ while kill -0 %d; do sleep 1; done; kill -KILL 0; } >/dev/null 2>&1 & disown";

    /** In units of 1,024 bytes, so that no command fills the disk. */
    private static final String LIMIT = "ulimit -f $((512 * 1024))";

    private final Path files;
    private final Process bash;
    private final BufferedWriter input;
    private final BlockingQueue<String> statuses = new LinkedBlockingQueue<>();
    private int commands;

    /** What a command has printed, and whether all of it succeeded. */
    record Outcome(String printed, int status) {}

    /**
     * Starts it.
     *
     * @param home the folder that is the home and the working directory
     * @param files an empty folder beside it
     * @param environment all variables that there are
     */
    Terminal(Path home, Path files, Map<String, String> environment) throws IOException {
        this.files = Files.createDirectories(files);
        ProcessBuilder builder = new ProcessBuilder("python3", "-c", OWN_GROUP)
                .directory(home.toFile())
                .redirectError(files.resolve("bash.err").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        bash = builder.start();
        input = bash.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::readStatuses, "terminal-" + bash.pid());
        reader.setDaemon(true);
        reader.start();
        send(LIMIT);
        send(WATCH.formatted(ProcessHandle.current().pid()));
        // A command that fails before the last one of a block would otherwise go unnoticed.
        send("trap 'docs_check=$?' ERR");
    }

    private void send(String line) throws IOException {
        input.write(line);
        input.newLine();
        input.flush();
    }

    private void readStatuses() {
        try (BufferedReader lines = bash.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                statuses.add(line);
            }
        } catch (IOException e) {
            // It was killed.
        }
        statuses.add("-1");
    }

    /**
     * Runs commands.
     *
     * @throws TimeoutException if they have not ended in time; this terminal is of no use then
     */
    Outcome run(String text, Duration limit) throws IOException, InterruptedException, TimeoutException {
        Path command = Files.writeString(files.resolve("command-" + ++commands + ".sh"), text + "\n");
        Path printed = Files.createFile(files.resolve("printed-" + commands + ".txt"));
        send("docs_check=0; source '%s' >'%s' 2>&1 </dev/null; echo \"$docs_check\"".formatted(command, printed));
        String status = statuses.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (status == null) {
            throw new TimeoutException(beginning(printed));
        }
        return new Outcome(beginning(printed), Integer.parseInt(status));
    }

    private static String beginning(Path printed) throws IOException {
        try (InputStream file = Files.newInputStream(printed)) {
            return new String(file.readNBytes(MAX_PRINTED), StandardCharsets.UTF_8);
        }
    }

    /** Ends it, and all that its commands have left running. */
    @Override
    public void close() throws IOException {
        List<ProcessHandle> processes =
                Stream.concat(bash.descendants(), Stream.of(bash.toHandle())).toList();
        // The shell's own command, since ProcessHandle knows no groups.
        Process kill = new ProcessBuilder("bash", "-c", "kill -KILL -- -" + bash.pid())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var unused = kill.onExit().orTimeout(END_SECONDS, TimeUnit.SECONDS).join();
        processes.forEach(ProcessHandle::destroyForcibly);
        // Dead ones write no more into the folder, which is deleted next.
        CompletableFuture.allOf(processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .orTimeout(END_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
