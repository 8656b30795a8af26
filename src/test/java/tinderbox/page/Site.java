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
import tinderbox.support.Api;

/** A server with a folder of texts, and what it needs on the disk, which goes with it. */
public final class Site implements AutoCloseable {
    private static Site shared;

    private final Path base;
    private final ServerProcess.Launch launch;
    private ServerProcess server;

    /** Prepares a server with these options; nothing is started. */
    public Site(String... options) {
        try {
            this.base = Files.createTempDirectory("tinderbox-page");
            this.launch = ServerProcess.on(dataDir())
                    .with("--root", "texts=" + Texts.write(base.resolve("texts")))
                    .with(options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it as users do: for measurements. */
    public Site asUsersDo() {
        launch.asUsersDo();
        return this;
    }

    /** Has it serve at the same address whenever it is started again. */
    Site onOnePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            launch.port(free.getLocalPort());
        }
        return this;
    }

    /** The one that tests share, started by the first who asks. */
    static synchronized Site shared() {
        if (shared == null) {
            shared = new Site("--max-running", "4", "--max-upload-bytes", "64KiB").start();
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
    public Site start() {
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
    public Api api() {
        return server.api();
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
