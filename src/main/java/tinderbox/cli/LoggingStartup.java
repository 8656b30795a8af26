package tinderbox.cli;

import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.slf4j.LoggerFactory;
import tinderbox.config.Config;

/** Initialises logging on a separate thread: it takes as long as parsing the command line, and both can run at once. */
final class LoggingStartup {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** As log4j2.xml knows it. */
    private static final String FORMAT = "tinderbox.log-format";

    private static final Thread THREAD =
            new Thread(() -> LoggerFactory.getLogger(LoggingStartup.class), "tinderbox-logging");

    private LoggingStartup() {}

    static void begin() {
        THREAD.start();
    }

    /** Returns once logging is ready, or after a limit. Call it before anything is logged. */
    static void await(Config.LogFormat format) throws InterruptedException {
        THREAD.join(LIMIT.toMillis());
        if (format == Config.LogFormat.JSON) {
            System.setProperty(FORMAT, "json");
            ((LoggerContext) LogManager.getContext(false)).reconfigure();
        }
    }
}
