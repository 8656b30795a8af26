package tinderbox.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.RollingFileAppender;
import org.apache.logging.log4j.core.appender.rolling.DefaultRolloverStrategy;
import org.apache.logging.log4j.core.appender.rolling.SizeBasedTriggeringPolicy;
import org.apache.logging.log4j.core.config.AppenderRef;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.slf4j.LoggerFactory;
import tinderbox.common.FileErrors;
import tinderbox.config.Config;
import tinderbox.config.ConfigException;

/** Initialises logging on a separate thread: it takes as long as parsing the command line, and both can run at once. */
final class LoggingStartup {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** As log4j2.xml knows it. */
    private static final String FORMAT = "tinderbox.log-format";

    /** The file that is written, and full ones. */
    private static final int FILES = 8;

    private static final Thread THREAD =
            new Thread(() -> LoggerFactory.getLogger(LoggingStartup.class), "tinderbox-logging");

    private LoggingStartup() {}

    static void begin() {
        THREAD.start();
    }

    /**
     * Returns once logging is ready, or after a limit. Call it before anything is logged.
     *
     * @throws ConfigException if the file of the log cannot be written
     */
    static void await(Config.Logging logging) throws InterruptedException, ConfigException {
        THREAD.join(LIMIT.toMillis());
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        if (logging.format() == Config.LogFormat.JSON) {
            System.setProperty(FORMAT, "json");
            context.reconfigure();
        }
        if (logging.file() != null) {
            requireWritable(logging.file());
            writeTo(context, logging);
        }
    }

    /** Log4j would only complain on standard error. */
    private static void requireWritable(Path file) throws ConfigException {
        try {
            Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (IOException e) {
            throw new ConfigException(List.of("--log-file " + file + " cannot be written: " + FileErrors.describe(e)));
        }
    }

    /** Puts a file in the place of standard error, with the same lines. */
    private static void writeTo(LoggerContext context, Config.Logging logging) {
        Configuration configuration = context.getConfiguration();
        for (LoggerConfig logger : configuration.getLoggers().values()) {
            for (AppenderRef ref : List.copyOf(logger.getAppenderRefs())) {
                Appender file = file(configuration.getAppender(ref.getRef()), logging, configuration);
                logger.removeAppender(ref.getRef());
                logger.addAppender(file, ref.getLevel(), ref.getFilter());
            }
        }
        context.updateLoggers();
    }

    private static Appender file(Appender console, Config.Logging logging, Configuration configuration) {
        String name = console.getName() + "-file";
        Appender known = configuration.getAppender(name);
        if (known != null) {
            return known;
        }
        String file = logging.file().toString();
        Appender appender = RollingFileAppender.newBuilder()
                .setName(name)
                .setConfiguration(configuration)
                .setLayout(console.getLayout())
                .withFileName(file)
                // A percent sign in the path is none of a pattern.
                .withFilePattern(file.replace("%", "%%") + ".%i")
                .withPolicy(SizeBasedTriggeringPolicy.createPolicy(Long.toString(logging.maxBytes() / FILES)))
                .withStrategy(DefaultRolloverStrategy.newBuilder()
                        .withConfig(configuration)
                        .withFileIndex("min")
                        .withMax(Integer.toString(FILES - 1))
                        .build())
                .build();
        appender.start();
        configuration.addAppender(appender);
        return appender;
    }
}
