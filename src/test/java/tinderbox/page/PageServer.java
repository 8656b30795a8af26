package tinderbox.page;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import tinderbox.fault.ServerProcess;
import tinderbox.fault.Soak;
import tinderbox.support.ApiClient;

/** A server with a folder of texts, in a temporary folder that is deleted with it. */
public final class PageServer implements AutoCloseable {
    private static PageServer shared;

    private final Path base;
    private final ServerProcess.Launch launch;
    private ServerProcess process;

    /** Prepares a server with these options, without starting it. */
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

    /** See {@link ServerProcess.Launch#withProductionJvm}. */
    public PageServer withProductionJvm() {
        launch.withProductionJvm();
        return this;
    }

    /** Runs this main class of the tests instead of that of the JAR. */
    PageServer running(Class<?> program) throws URISyntaxException {
        launch.program(
                program,
                Path.of(program.getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI()));
        return this;
    }

    /** Serves at the same address after every restart. */
    PageServer onFixedPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            launch.port(free.getLocalPort());
        }
        return this;
    }

    /** The shared server, started on the first call. */
    static synchronized PageServer shared() {
        if (shared == null) {
            shared = new PageServer("--max-running", "4", "--max-upload-bytes", "64KiB")
                    .start()
                    .awaitReady();
        }
        return shared;
    }

    static synchronized void closeShared() throws IOException {
        if (shared != null) {
            shared.close();
            shared = null;
        }
    }

    /** Starts or restarts it, and waits until it serves. */
    public PageServer start() {
        process = launch.start();
        return this;
    }

    /** Waits until jobs can run: until then, the browser's console reports the 503 of a view that reads the checks. */
    PageServer awaitReady() {
        await().until(() ->
                apiClient().send(apiClient().request("/readyz").build()).statusCode() == 200);
        return this;
    }

    /** The current process. */
    ServerProcess process() {
        return process;
    }

    /** The address of the page. */
    public URI uri() {
        return process.uri();
    }

    public ApiClient apiClient() {
        return process.apiClient();
    }

    /** The data dir, which a test may fill before the start. */
    public Path dataDir() {
        return base.resolve("data");
    }

    /** The file of a dataset in the root {@code texts}. */
    Path file(String dataset) {
        return base.resolve(dataset);
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.close();
        }
        Soak.delete(base);
    }
}
