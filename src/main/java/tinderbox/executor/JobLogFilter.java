package tinderbox.executor;

import java.util.List;
import java.util.function.Function;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.filter.AbstractFilter;
import tinderbox.job.log.LogLine;

/** Takes what is logged for a running job. */
public final class JobLogFilter extends AbstractFilter {
    /** The key of the job's id in a thread's logging context. Spark passes properties with this prefix to tasks. */
    public static final String KEY = "mdc.job_id";

    /** Of these, only warnings belong to a job, and only from threads that carry its id. */
    private static final List<String> SPARK_LOGGERS =
            List.of("org.apache.spark.", "org.apache.hadoop.", "org.sparkproject.");

    /** The server's own messages: about the machine, and about jobs and their logs. */
    private static final List<String> SERVER_LOGGERS =
            List.of("tinderbox.common.", "tinderbox.executor.", "tinderbox.job.", "tinderbox.spark.");

    private final Function<String, LineSink> ofId;
    private final Function<String, LineSink> ofIdOrThread;
    private final Result taken;

    /**
     * Filters loggers.
     *
     * @param ofId the sink of the job with this id, or null
     * @param ofIdOrThread the same; if the id is null, that of the job for which the calling thread works
     * @param taken what becomes of an event that a job has got
     */
    public JobLogFilter(Function<String, LineSink> ofId, Function<String, LineSink> ofIdOrThread, Result taken) {
        this.ofId = ofId;
        this.ofIdOrThread = ofIdOrThread;
        this.taken = taken;
    }

    @Override
    public Result filter(LogEvent event) {
        try {
            LineSink sink = sink(event);
            if (sink == null) {
                return Result.NEUTRAL;
            }
            String name = event.getLoggerName();
            String text = name.substring(name.lastIndexOf('.') + 1) + ": "
                    + event.getMessage().getFormattedMessage();
            sink.write(level(event.getLevel()), text, event.getThrown());
            return taken;
        } catch (RuntimeException e) {
            // The server's log may still work, and logging must not fail the job.
            return Result.NEUTRAL;
        }
    }

    private LineSink sink(LogEvent event) {
        String name = event.getLoggerName();
        String id = event.getContextData().getValue(KEY);
        if (startsWithAny(name, SERVER_LOGGERS) || !event.getLevel().isMoreSpecificThan(Level.INFO)) {
            return null;
        }
        if (startsWithAny(name, SPARK_LOGGERS)) {
            return event.getLevel().isMoreSpecificThan(Level.WARN) ? ofId.apply(id) : null;
        }
        return ofIdOrThread.apply(id);
    }

    private static boolean startsWithAny(String name, List<String> prefixes) {
        return prefixes.stream().anyMatch(name::startsWith);
    }

    private static LogLine.Level level(Level level) {
        return level.isMoreSpecificThan(Level.ERROR)
                ? LogLine.Level.ERROR
                : level.isMoreSpecificThan(Level.WARN) ? LogLine.Level.WARN : LogLine.Level.INFO;
    }
}
