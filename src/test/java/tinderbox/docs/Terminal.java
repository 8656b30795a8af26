package tinderbox.docs;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
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
        ProcessBuilder builder = new ProcessBuilder("bash", "--norc", "--noprofile")
                .directory(home.toFile())
                .redirectError(files.resolve("bash.err").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        bash = builder.start();
        input = bash.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::readStatuses, "terminal-" + bash.pid());
        reader.setDaemon(true);
        reader.start();
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
            throw new TimeoutException(Files.readString(printed));
        }
        return new Outcome(Files.readString(printed), Integer.parseInt(status));
    }

    /** Ends it, and all that its commands have left running. */
    @Override
    public void close() {
        List<ProcessHandle> processes =
                Stream.concat(bash.descendants(), Stream.of(bash.toHandle())).toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        // Dead ones write no more into the folder, which is deleted next.
        CompletableFuture.allOf(processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .orTimeout(END_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
