package tinderbox.spark;

import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.filter.AbstractFilter;
import tinderbox.job.log.LogLine;

/** Writes what is logged for a running job to the job's log instead of the server's. */
final class JobLogFilter extends AbstractFilter {
    /** Of these, only warnings belong to a job, and only from threads that carry its id. */
    private static final List<String> SPARK_LOGGERS =
            List.of("org.apache.spark.", "org.apache.hadoop.", "org.sparkproject.");

    /** The server's own messages: about the machine, and about jobs and their logs. */
    private static final List<String> SERVER_LOGGERS =
            List.of("tinderbox.common.", "tinderbox.job.", "tinderbox.spark.");

    @Override
    public Result filter(LogEvent event) {
        try {
            JobLogRouter router = router(event);
            if (router == null) {
                return Result.NEUTRAL;
            }
            String name = event.getLoggerName();
            String text = name.substring(name.lastIndexOf('.') + 1) + ": "
                    + event.getMessage().getFormattedMessage();
            router.write(level(event.getLevel()), text, event.getThrown());
            return Result.DENY;
        } catch (RuntimeException e) {
            // The server's log may still work, and logging must not fail the job.
            return Result.NEUTRAL;
        }
    }

    private static JobLogRouter router(LogEvent event) {
        String name = event.getLoggerName();
        String id = event.getContextData().getValue(JobLogRouter.KEY);
        if (startsWithAny(name, SERVER_LOGGERS) || !event.getLevel().isMoreSpecificThan(Level.INFO)) {
            return null;
        }
        if (startsWithAny(name, SPARK_LOGGERS)) {
            return event.getLevel().isMoreSpecificThan(Level.WARN) ? JobLogRouter.ofId(id) : null;
        }
        return JobLogRouter.of(id);
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
