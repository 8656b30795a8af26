package tinderbox.cli;

import java.time.Duration;
import org.slf4j.LoggerFactory;

/** Initialises logging on a separate thread: it takes as long as parsing the command line, and both can run at once. */
final class LoggingStartup {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Thread THREAD =
            new Thread(() -> LoggerFactory.getLogger(LoggingStartup.class), "tinderbox-logging");

    private LoggingStartup() {}

    static void begin() {
        THREAD.start();
    }

    /** Returns once logging is ready, or after a limit. */
    static void await() throws InterruptedException {
        THREAD.join(LIMIT.toMillis());
    }
}
