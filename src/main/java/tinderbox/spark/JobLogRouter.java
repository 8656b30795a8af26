package tinderbox.spark;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.logging.log4j.ThreadContext;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import scala.Option;
import tinderbox.job.JobId;
import tinderbox.job.log.JobLog;
import tinderbox.job.log.LogLine;

/**
 * The way from a thread that works for a job to the job's log: the attempt's own, those it starts, and Spark's task
 * threads.
 */
final class JobLogRouter {
    /** Under this name the id of the job is in a thread's logging context; what begins so, Spark hands to its tasks. */
    static final String KEY = "mdc.job_id";

    /** So many threads of a job may have begun a line at the same time; what more of them print is not joined. */
    private static final int MAX_BEGUN = 256;

    /** As many as attempts run. For the whole process, as are the streams and the loggers that lead here. */
    private static final Map<String, JobLogRouter> RUNNING = new ConcurrentHashMap<>();

    private final String id;
    private final JobLog log;
    private final Set<LineBuffer> begun = ConcurrentHashMap.newKeySet();

    private JobLogRouter(String id, JobLog log) {
        this.id = id;
        this.log = log;
    }

    /** From now on, what the calling thread logs and prints belongs to this job. */
    static JobLogRouter enter(JobId id, JobLog log) {
        JobLogRouter route = new JobLogRouter(id.toString(), log);
        RUNNING.put(route.id, route);
        ThreadContext.put(KEY, route.id);
        return route;
    }

    /** The route of the calling thread; null where it works for no job that runs. */
    static JobLogRouter current() {
        return of(ThreadContext.get(KEY));
    }

    /**
     * The route to the job with this id, or where that is null, to the one that Spark takes this thread to work for:
     * threads inherit that from the one that starts them, and those that Spark shares are given it anew each time.
     */
    static JobLogRouter of(String id) {
        return ofId(id == null ? toldBySpark() : id);
    }

    private static String toldBySpark() {
        Option<SparkContext> context = SparkContext$.MODULE$.getActive();
        return context.isEmpty() ? null : context.get().getLocalProperty(KEY);
    }

    /** The route to the job with this id and no other; null where it does not run. */
    static JobLogRouter ofId(String id) {
        return id == null ? null : RUNNING.get(id);
    }

    void write(LogLine.Level level, String text) {
        log.write(level, text);
    }

    void write(LogLine.Level level, String text, Throwable thrown) {
        if (thrown == null) {
            log.write(level, text);
        } else {
            log.write(level, text, thrown);
        }
    }

    /** Remembers a line that has no end yet; false where there are too many. */
    boolean begin(LineBuffer line) {
        return begun.size() < MAX_BEGUN && begun.add(line);
    }

    void end(LineBuffer line) {
        begun.remove(line);
    }

    /** Writes the lines that nobody has ended. */
    void flush() {
        begun.forEach(LineBuffer::finish);
    }

    /** The job's log takes nothing more from threads. */
    void leave() {
        RUNNING.remove(id, this);
        flush();
    }
}
