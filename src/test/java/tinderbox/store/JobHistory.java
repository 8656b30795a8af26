package tinderbox.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.Outcome;
import tinderbox.job.log.JobLog;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.ResultWriter;
import tinderbox.store.index.JobDatabase;

/** Fills a data dir with jobs before a server starts, instead of running them for hours. */
public final class JobHistory implements AutoCloseable {
    private static final List<Column> COLUMNS = List.of(Column.string("word"), Column.integer("count"));

    private static final int BATCH = 1000;

    private final FolderJobStore store;

    /** Opens a data dir that no server is using. */
    public JobHistory(Path dataDir) throws IOException {
        this.store = new FolderJobStore(Files.createDirectories(dataDir), Clock.systemUTC());
    }

    private static JobRequest request(JobId id, String name, Map<String, Object> params, long seq, Instant at) {
        return new JobRequest(id, seq, "word-count", name, true, params, List.of(), "", "local", at, null, null);
    }

    private Job started(String name, Map<String, Object> params, Consumer<JobLog> log) throws IOException {
        Instant now = Instant.now();
        Job pending = Job.accepted(request(JobId.random(), name, params, store.nextSeq(), now));
        store.accept(pending);
        Job running = pending.started(now);
        store.transition(pending, running);
        try (JobLog lines = store.openLog(running, Long.MAX_VALUE)) {
            log.accept(lines);
        }
        return running;
    }

    /** Adds a job that seems interrupted by a crash: the server runs it again and continues its log. */
    public String addInterrupted(String name, Map<String, Object> params, Consumer<JobLog> log) throws IOException {
        return started(name, params, log).id().toString();
    }

    /** Adds a word count that has succeeded with these rows. */
    public String addSucceeded(
            String name,
            Map<String, Object> params,
            Consumer<JobLog> log,
            Consumer<ResultWriter> rows,
            Map<String, Object> summary,
            String... warnings)
            throws IOException {
        Job running = started(name, params, log);
        JobResult result;
        try (ResultWriter writer = new ResultWriter(store.attemptFolder(running), COLUMNS, Long.MAX_VALUE)) {
            rows.accept(writer);
            result = writer.finish(summary);
        }
        Job ended = running.ended(
                new Outcome.Succeeded(result.rows()), Instant.now(), Duration.ofMillis(1234), List.of(warnings));
        store.publish(running, ended, result);
        return ended.id().toString();
    }

    /**
     * Fills an empty data dir with {@code count} ended jobs, submitted one second apart, the newest now. One in a hundred has
     * failed. Only the index has their data: lists are read from there, and a start checks only the names of folders.
     */
    public static void createMany(Path dataDir, int count, Map<String, Object> params) throws IOException {
        Files.createDirectories(dataDir);
        Instant now = Instant.now();
        // In order, so that the database finds the neighbors of each new row in memory.
        Iterator<JobId> ids = Stream.generate(JobId::random)
                .limit(count)
                .sorted(Comparator.comparing(JobId::toString))
                .iterator();
        List<Job> batch = new ArrayList<>();
        try (JobDatabase index = new JobDatabase(dataDir.resolve("db"))) {
            for (int i = 1; i <= count; i++) {
                Instant at = now.minusSeconds(count - i);
                Job running = Job.accepted(request(ids.next(), "Night run " + i, params, i, at))
                        .started(at);
                Job ended = running.ended(outcome(i), at.plusMillis(900), Duration.ofMillis(900));
                Files.createDirectories(dataDir.resolve("ended")
                        .resolve(JobFolders.MONTH.format(ended.end().at()))
                        .resolve(ended.id().toString()));
                batch.add(ended);
                if (batch.size() == BATCH || i == count) {
                    index.putAll(batch);
                    batch.clear();
                }
            }
        }
    }

    private static Outcome outcome(int i) {
        return i % 100 == 7
                ? new Outcome.Failed(new Failure(ErrorCode.INVALID_INPUT, "The input is not gzip", "look at the file"))
                : new Outcome.Succeeded(10);
    }

    @Override
    public void close() {
        store.close();
    }
}
