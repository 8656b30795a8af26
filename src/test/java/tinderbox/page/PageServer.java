package tinderbox.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import tinderbox.fault.ServerProcess;
import tinderbox.fault.Soak;
import tinderbox.support.ApiClient;

/** A server with a folder of texts, and what it needs on the disk, which goes with it. */
public final class PageServer implements AutoCloseable {
    private static PageServer shared;

    private final Path base;
    private final ServerProcess.Launch launch;
    private ServerProcess server;

    /** Prepares a server with these options; nothing is started. */
    public PageServer(String... options) {
        try {
            this.base = Files.createTempDirectory("tinderbox-page");
            this.launch = ServerProcess.on(dataDir())
                    .with("--root", "texts=" + SampleTexts.write(base.resolve("texts")))
                    .with(options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it as users do: for measurements. */
    public PageServer withProductionJvm() {
        launch.withProductionJvm();
        return this;
    }

    /** Has it serve at the same address whenever it is started again. */
    PageServer onOnePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            launch.port(free.getLocalPort());
        }
        return this;
    }

    /** The one that tests share, started by the first who asks. */
    static synchronized PageServer shared() {
        if (shared == null) {
            shared = new PageServer("--max-running", "4", "--max-upload-bytes", "64KiB").start();
        }
        return shared;
    }

    static synchronized void closeShared() throws IOException {
        if (shared != null) {
            shared.close();
            shared = null;
        }
    }

    /** Starts it, also again, and waits until it serves. */
    public PageServer start() {
        server = launch.start();
        return this;
    }

    /** The process as it is now. */
    ServerProcess server() {
        return server;
    }

    /** Where the page is. */
    public URI uri() {
        return server.uri();
    }

    /** The server, asked without the page. */
    public ApiClient apiClient() {
        return server.apiClient();
    }

    /** Where its jobs are; to be filled before the start. */
    public Path dataDir() {
        return base.resolve("data");
    }

    /** A dataset of the folder {@code texts}, as a file. */
    Path file(String dataset) {
        return base.resolve(dataset);
    }

    @Override
    public void close() throws IOException {
        if (server != null) {
            server.close();
        }
        Soak.delete(base);
    }
}
