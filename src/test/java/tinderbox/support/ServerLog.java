package tinderbox.support;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** Captures the messages of a log, INFO and above, until it is closed. */
public final class ServerLog implements AutoCloseable {
    private final Logger logger;
    private final Queue<LogEvent> events = new ConcurrentLinkedQueue<>();
    private final AbstractAppender appender =
            new AbstractAppender("server-log-of-a-test", null, null, true, Property.EMPTY_ARRAY) {
                @Override
                public void append(LogEvent event) {
                    if (event.getLevel().isMoreSpecificThan(Level.INFO)) {
                        events.add(event.toImmutable());
                    }
                }
            };

    /** The server's own log. */
    public ServerLog() {
        this("tinderbox");
    }

    /** Of the loggers with this name and below it, as far as the server's settings let them log. */
    public ServerLog(String name) {
        logger = (Logger) LogManager.getLogger(name);
        appender.start();
        logger.addAppender(appender);
    }

    /** The messages so far, in order. */
    public List<String> lines() {
        return events.stream()
                .map(event -> event.getMessage().getFormattedMessage())
                .toList();
    }

    /** The messages so far that contain {@code text}. */
    public List<String> lines(String text) {
        return lines().stream().filter(line -> line.contains(text)).toList();
    }

    /** The messages so far of this level. */
    public List<String> lines(Level level) {
        return events.stream()
                .filter(event -> event.getLevel().equals(level))
                .map(event -> event.getMessage().getFormattedMessage())
                .toList();
    }

    /** How many messages so far have a stack trace. */
    public long stackTraces() {
        return events.stream().filter(event -> event.getThrown() != null).count();
    }

    @Override
    public void close() {
        logger.removeAppender(appender);
        appender.stop();
    }
}
