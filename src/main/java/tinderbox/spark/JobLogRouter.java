package tinderbox.spark;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.logging.log4j.ThreadContext;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import scala.Option;
import tinderbox.executor.JobLogFilter;
import tinderbox.executor.LineBuffer;
import tinderbox.executor.LineSink;
import tinderbox.job.JobId;
import tinderbox.job.log.JobLog;
import tinderbox.job.log.LogLine;

/**
 * Routes what threads log and print to the log of the job they work for: the attempt's own thread, threads that it starts,
 * and Spark's task threads.
 */
final class JobLogRouter implements LineSink {
    /** How many threads of a job can have an incomplete line; more threads print their lines in pieces. */
    private static final int MAX_OPEN_LINES = 256;

    /** One for each running attempt. Static, because standard streams and loggers are. */
    private static final Map<String, JobLogRouter> RUNNING = new ConcurrentHashMap<>();

    private final String id;
    private final JobLog log;
    private final Set<LineBuffer> openLines = ConcurrentHashMap.newKeySet();

    private JobLogRouter(String id, JobLog log) {
        this.id = id;
        this.log = log;
    }

    /** Routes what the calling thread logs and prints to the log of this job from now on. */
    static JobLogRouter enter(JobId id, JobLog log) {
        JobLogRouter router = new JobLogRouter(id.toString(), log);
        RUNNING.put(router.id, router);
        ThreadContext.put(JobLogFilter.KEY, router.id);
        return router;
    }

    /** The router of the calling thread; null if it works for no running job. */
    static JobLogRouter current() {
        return of(ThreadContext.get(JobLogFilter.KEY));
    }

    /**
     * The router of the job with this id; if that is null, of the job in Spark's local properties of this thread. Threads
     * inherit those from the thread that starts them, and Spark sets them on its shared threads for each task.
     */
    static JobLogRouter of(String id) {
        return ofId(id == null ? idFromSpark() : id);
    }

    private static String idFromSpark() {
        Option<SparkContext> context = SparkContext$.MODULE$.getActive();
        return context.isEmpty() ? null : context.get().getLocalProperty(JobLogFilter.KEY);
    }

    /** The router of the job with this id; null if it does not run. */
    static JobLogRouter ofId(String id) {
        return id == null ? null : RUNNING.get(id);
    }

    @Override
    public void write(LogLine.Level level, String text) {
        log.write(level, text);
    }

    @Override
    public void write(LogLine.Level level, String text, Throwable thrown) {
        if (thrown == null) {
            log.write(level, text);
        } else {
            log.write(level, text, thrown);
        }
    }

    @Override
    public boolean addOpenLine(LineBuffer line) {
        return openLines.size() < MAX_OPEN_LINES && openLines.add(line);
    }

    @Override
    public void removeOpenLine(LineBuffer line) {
        openLines.remove(line);
    }

    /** Writes the incomplete lines. */
    void flush() {
        openLines.forEach(LineBuffer::finish);
    }

    /** Routes nothing more to the job's log. */
    void leave() {
        RUNNING.remove(id, this);
        flush();
    }
}
