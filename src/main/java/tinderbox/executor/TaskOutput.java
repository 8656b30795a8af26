package tinderbox.executor;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.LoggerContext;
import tinderbox.job.log.LogLine;

/**
 * Sends what the tasks of this executor log and print to the driver: at most {@link #LINES_PER_SECOND}, and how many were
 * left out. It also stays in the executor's own files. Thread-safe.
 */
final class TaskOutput {
    static final int LINES_PER_SECOND = 100;

    private static final long WINDOW_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Duration SEND_EVERY = Duration.ofMillis(200);
    /** Of one job; more threads print their lines in pieces. */
    private static final int MAX_OPEN_LINES = 256;

    private final Sender sender;
    private final UnaryOperator<String> cleaner;
    private final LongSupplier nanoTime;
    private final Map<String, JobLines> jobs = new ConcurrentHashMap<>();
    private List<LogLines.Line> waiting = new ArrayList<>();
    private Map<String, Integer> leftOut = new HashMap<>();
    private long windowStart;
    private int inWindow;

    /** Sends a message to the driver. */
    @FunctionalInterface
    interface Sender {
        void send(LogLines lines) throws IOException;
    }

    /**
     * Sends lines.
     *
     * @param cleaner hides what identifies this machine's folders
     * @param nanoTime the clock for the limit
     */
    TaskOutput(Sender sender, UnaryOperator<String> cleaner, LongSupplier nanoTime) {
        this.sender = sender;
        this.cleaner = cleaner;
        this.nanoTime = nanoTime;
        this.windowStart = nanoTime.getAsLong();
    }

    /** Takes what this process logs and prints for jobs from now on. */
    void install() {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        JobLogFilter filter = new JobLogFilter(this::ofId, this::ofId, Filter.Result.NEUTRAL);
        filter.start();
        context.getConfiguration().getLoggers().values().forEach(logger -> logger.addFilter(filter));
        context.updateLoggers();
        System.setOut(new StdoutCapture(System.out, LogLine.Level.INFO, this::ofThread));
        System.setErr(new StdoutCapture(System.err, LogLine.Level.WARN, this::ofThread));
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "tinderbox-task-output");
            thread.setDaemon(true);
            return thread;
        });
        var unused = timer.scheduleWithFixedDelay(
                this::flush, SEND_EVERY.toMillis(), SEND_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private LineSink ofThread() {
        return ofId(ThreadContext.get(JobLogFilter.KEY));
    }

    /** The sink of a job; null without an id. */
    LineSink ofId(String id) {
        if (id == null) {
            return null;
        }
        if (jobs.size() >= LogLines.MAX_JOBS && !jobs.containsKey(id)) {
            jobs.clear();
        }
        return jobs.computeIfAbsent(id, JobLines::new);
    }

    private synchronized void add(String job, LogLine.Level level, String text) {
        long now = nanoTime.getAsLong();
        if (now - windowStart >= WINDOW_NANOS) {
            windowStart = now;
            inWindow = 0;
        }
        if (inWindow >= LINES_PER_SECOND || waiting.size() >= LogLines.MAX_LINES) {
            if (leftOut.size() < LogLines.MAX_JOBS || leftOut.containsKey(job)) {
                leftOut.merge(job, 1, Integer::sum);
            }
            return;
        }
        inWindow++;
        waiting.add(new LogLines.Line(job, level, text));
    }

    /** Sends what waits, in order; called when a task ends, before Spark reports that. Never throws. */
    synchronized void flush() {
        if (waiting.isEmpty() && leftOut.isEmpty()) {
            return;
        }
        LogLines lines = new LogLines(
                waiting,
                leftOut.entrySet().stream()
                        .map(left -> new LogLines.LeftOut(left.getKey(), left.getValue()))
                        .toList());
        waiting = new ArrayList<>();
        leftOut = new HashMap<>();
        try {
            sender.send(lines);
        } catch (IOException | RuntimeException e) {
            // The driver is gone, and with it the job's log. To log that would lead here again.
            return;
        }
    }

    /** Ends the incomplete lines of the job for which the calling thread works. */
    void finishLines() {
        LineSink sink = ofThread();
        if (sink instanceof JobLines lines) {
            lines.finishOpenLines();
        }
    }

    private static String bounded(String text) {
        return text.length() <= LogLines.MAX_TEXT ? text : text.substring(0, LogLines.MAX_TEXT - 1) + "…";
    }

    /** One job. */
    private final class JobLines implements LineSink {
        private final String id;
        private final Set<LineBuffer> openLines = ConcurrentHashMap.newKeySet();

        private JobLines(String id) {
            this.id = id;
        }

        @Override
        public void write(LogLine.Level level, String text) {
            // Again, because what stands for a path may be longer.
            add(id, level, bounded(cleaner.apply(bounded(text))));
        }

        @Override
        public void write(LogLine.Level level, String text, Throwable thrown) {
            text.lines().forEach(line -> write(level, line));
            if (thrown != null) {
                StringWriter trace = new StringWriter();
                thrown.printStackTrace(new PrintWriter(trace));
                trace.toString().lines().limit(LINES_PER_SECOND / 2).forEach(line -> write(level, line));
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

        private void finishOpenLines() {
            openLines.forEach(LineBuffer::finish);
        }
    }
}
