package tinderbox.spark;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.LoggerConfig;
import tinderbox.executor.JobLogFilter;
import tinderbox.executor.StdoutCapture;
import tinderbox.job.log.LogLine;

/**
 * While this is open, what jobs log and print goes to their own logs, and failed heartbeats during a start or stop of Spark
 * are not logged. Loggers and standard streams belong to the process: the first open capture installs the filters, and
 * closing the last one removes them.
 */
public final class OutputCapture implements AutoCloseable {
    private static int openCount;
    private static StdoutCapture out;
    private static StdoutCapture err;
    private static List<Filter> filters = List.of();
    private static List<LoggerConfig> filtered = List.of();

    private boolean closed;

    private OutputCapture() {}

    /** Starts capturing; call before Spark starts, because Scala keeps the first standard output that it finds. */
    public static OutputCapture capture() {
        synchronized (OutputCapture.class) {
            if (openCount++ == 0) {
                // Loggers first: the server's log must use the original standard streams.
                filterLoggers();
                out = new StdoutCapture(System.out, LogLine.Level.INFO, JobLogRouter::current);
                err = new StdoutCapture(System.err, LogLine.Level.WARN, JobLogRouter::current);
                System.setOut(out);
                System.setErr(err);
            }
            return new OutputCapture();
        }
    }

    private static void filterLoggers() {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        filters = List.of(
                new HeartbeatFilter(), new JobLogFilter(JobLogRouter::ofId, JobLogRouter::of, Filter.Result.DENY));
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
            if (--openCount == 0) {
                System.setOut(restore(System.out, out));
                System.setErr(restore(System.err, err));
                filtered.forEach(logger -> filters.forEach(logger::removeFilter));
                filtered = List.of();
            }
        }
    }

    /** Another library may have replaced the stream meanwhile. */
    private static PrintStream restore(PrintStream current, StdoutCapture ours) {
        return current == ours ? ours.original() : current;
    }
}
