package tinderbox.spark;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.LoggerConfig;
import tinderbox.job.log.LogLine;

/**
 * While this is open, what jobs log and print goes to their own logs, and Spark says nothing of heartbeats that a start
 * or a stop has cut off. Loggers and standard streams belong to the
 * process: the first server in it opens the way, the last one closes it.
 */
public final class OutputCapture implements AutoCloseable {
    private static int open;
    private static StdoutCapture out;
    private static StdoutCapture err;
    private static List<Filter> filters = List.of();
    private static List<LoggerConfig> filtered = List.of();

    private boolean closed;

    private OutputCapture() {}

    /** Opens the way; call before Spark starts, for Scala keeps the first standard output it sees. */
    public static OutputCapture capture() {
        synchronized (OutputCapture.class) {
            if (open++ == 0) {
                // Loggers first: the server's log must find the standard streams as they were.
                filterLoggers();
                out = new StdoutCapture(System.out, LogLine.Level.INFO);
                err = new StdoutCapture(System.err, LogLine.Level.WARN);
                System.setOut(out);
                System.setErr(err);
            }
            return new OutputCapture();
        }
    }

    private static void filterLoggers() {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        filters = List.of(new HeartbeatFilter(), new JobLogFilter());
        filters.forEach(Filter::start);
        filtered = new ArrayList<>(context.getConfiguration().getLoggers().values());
        filtered.forEach(logger -> filters.forEach(logger::addFilter));
        context.updateLoggers();
    }

    @Override
    public void close() {
        synchronized (OutputCapture.class) {
            if (closed) {
                return;
            }
            closed = true;
            if (--open == 0) {
                System.setOut(restore(System.out, out));
                System.setErr(restore(System.err, err));
                filtered.forEach(logger -> filters.forEach(logger::removeFilter));
                filtered = List.of();
            }
        }
    }

    /** What stands there now may be somebody else's. */
    private static PrintStream restore(PrintStream now, StdoutCapture ours) {
        return now == ours ? ours.original() : now;
    }
}
