package tinderbox.spark;

import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.filter.AbstractFilter;
import tinderbox.job.log.LogLine;

/** Takes what is logged for a running job out of the server's log and writes it to the job's own. */
final class JobLogFilter extends AbstractFilter {
    /** Of these only warnings belong to a job; and only from threads that Spark itself has given to it. */
    private static final List<String> INSIDES = List.of("org.apache.spark.", "org.apache.hadoop.", "org.sparkproject.");

    /** The server's own words about a job and its log. */
    private static final List<String> SERVER = List.of("tinderbox.job.", "tinderbox.spark.");

    @Override
    public Result filter(LogEvent event) {
        try {
            JobLogRouter route = route(event);
            if (route == null) {
                return Result.NEUTRAL;
            }
            String name = event.getLoggerName();
            String text = name.substring(name.lastIndexOf('.') + 1) + ": "
                    + event.getMessage().getFormattedMessage();
            route.write(level(event.getLevel()), text, event.getThrown());
            return Result.DENY;
        } catch (RuntimeException e) {
            // What cannot be told here may still be told there; the job goes on in any case.
            return Result.NEUTRAL;
        }
    }

    private static JobLogRouter route(LogEvent event) {
        String name = event.getLoggerName();
        String id = event.getContextData().getValue(JobLogRouter.KEY);
        if (beginsWithAny(name, SERVER) || !event.getLevel().isMoreSpecificThan(Level.INFO)) {
            return null;
        }
        if (beginsWithAny(name, INSIDES)) {
            return event.getLevel().isMoreSpecificThan(Level.WARN) ? JobLogRouter.ofId(id) : null;
        }
        return JobLogRouter.of(id);
    }

    private static boolean beginsWithAny(String name, List<String> beginnings) {
        return beginnings.stream().anyMatch(name::startsWith);
    }

    private static LogLine.Level level(Level level) {
        return level.isMoreSpecificThan(Level.ERROR)
                ? LogLine.Level.ERROR
                : level.isMoreSpecificThan(Level.WARN) ? LogLine.Level.WARN : LogLine.Level.INFO;
    }
}
