package tinderbox.executor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends an executor whose worker is gone. Spark does that itself, but only after it has been connected with the worker: an
 * executor that was starting when its worker was killed would stay for ever.
 */
final class WorkerCheck {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerCheck.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** The command line of this process, on which the worker has put its address. */
    private static final String COMMAND = "sun.java.command";

    private static final Pattern WORKER = Pattern.compile(" --worker-url spark://\\w+@(\\[[^] ]+]|[^: ]+):(\\d+)");

    private WorkerCheck() {}

    static void requireWorker() {
        Matcher worker = WORKER.matcher(System.getProperty(COMMAND, ""));
        if (!worker.find()) {
            return;
        }
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(worker.group(1), Integer.parseInt(worker.group(2))), (int) LIMIT.toMillis());
        } catch (ConnectException e) {
            LOG.error("The worker at {}:{} is gone, and this executor ends", worker.group(1), worker.group(2));
            Runtime.getRuntime().halt(1);
        } catch (IOException e) {
            LOG.warn("It is not known whether the worker is gone", e);
        }
    }
}
