package tinderbox.fault;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A process whose output is kept, and which does not outlive this one. */
final class WatchedProcess implements AutoCloseable {
    private static final long TIMEOUT_SECONDS = 90;
    private static final Set<WatchedProcess> STARTED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> STARTED.forEach(WatchedProcess::killAll)));
    }

    private final Process process;
    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> outputEnded = new CompletableFuture<>();

    /**
     * Starts it without waiting.
     *
     * @param line called with each line that it prints
     */
    WatchedProcess(ProcessBuilder builder, Consumer<String> line) {
        try {
            process = builder.directory(new File(System.getProperty("java.io.tmpdir")))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        STARTED.add(this);
        Thread reader = new Thread(() -> read(line), "output-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Consumer<String> line) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String next = lines.readLine(); next != null; next = lines.readLine()) {
                output.add(next);
                line.accept(next);
            }
        } catch (IOException e) {
            output.add(e.toString());
        } finally {
            outputEnded.complete(null);
        }
    }

    /** Waits until a line of the output has completed this; throws if the process ends before. */
    <T> T await(CompletableFuture<T> future) {
        try {
            CompletableFuture.anyOf(future, outputEnded).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the process does not come up:\n" + output(), e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        if (!future.isDone()) {
            throw new IllegalStateException("the process has ended:\n" + output());
        }
        return future.join();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    /** All that it has printed and logged. */
    String output() {
        return String.join("\n", output);
    }

    /** Kills it with SIGKILL without waiting; what it has started lives on. */
    void kill() {
        process.destroyForcibly();
    }

    /** Sends SIGTERM, and requires a clean exit. */
    void stop() {
        ClusterNode.signal("TERM", handle());
        int code = awaitExit();
        if (code != 0) {
            throw new AssertionError("it exited with " + code + ":\n" + output());
        }
    }

    /** Waits for its end, and returns the exit code. */
    int awaitExit() {
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the process does not exit:\n" + output());
            }
            outputEnded.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("its output does not end:\n" + output(), e);
        }
        STARTED.remove(this);
        return process.exitValue();
    }

    private void killAll() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Ends it and what it has started, at once. */
    @Override
    public void close() {
        killAll();
        awaitExit();
    }
}
