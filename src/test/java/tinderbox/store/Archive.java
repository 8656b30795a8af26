package tinderbox.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import tinderbox.job.Column;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobLog;
import tinderbox.job.JobRequest;
import tinderbox.job.JobResult;
import tinderbox.job.Outcome;
import tinderbox.job.ResultWriter;

/**
 * Fills a data dir with jobs before a server starts on it: what takes hours to come about is there at once. Single
 * jobs go through the store itself; the many are written without waiting for the disk, as nobody relies on them.
 */
public final class Archive implements AutoCloseable {
    private static final List<Column> COLUMNS = List.of(Column.string("word"), Column.integer("count"));

    private final Path dataDir;
    private final FolderJobStore store;

    /** Opens a data dir that no server uses. */
    public Archive(Path dataDir) throws IOException {
        this.dataDir = Files.createDirectories(dataDir);
        this.store = new FolderJobStore(dataDir, Clock.systemUTC());
    }

    private JobRequest request(String name, Map<String, Object> params, long seq, Instant at) {
        return new JobRequest(JobId.random(), seq, "word-count", name, params, "local", at, null, null);
    }

    private Job started(String name, Map<String, Object> params, Consumer<JobLog> log) throws IOException {
        Instant now = Instant.now();
        Job pending = Job.accepted(request(name, params, store.nextSeq(), now));
        store.accept(pending);
        Job running = pending.started(now);
        store.transition(pending, running);
        try (JobLog lines = store.openLog(running, Long.MAX_VALUE)) {
            log.accept(lines);
        }
        return running;
    }

    /** A job that a crash has interrupted: the server runs it again, and its log goes on. */
    public String interrupted(String name, Map<String, Object> params, Consumer<JobLog> log) throws IOException {
        return started(name, params, log).id().toString();
    }

    /** A word count that has succeeded with these rows. */
    public String succeeded(
            String name, Map<String, Object> params, Consumer<JobLog> log, Consumer<ResultWriter> rows, Map<String, Object> summary)
            throws IOException {
        Job running = started(name, params, log);
        JobResult result;
        try (ResultWriter writer = new ResultWriter(store.attemptFolder(running), COLUMNS, Long.MAX_VALUE)) {
            rows.accept(writer);
            result = writer.finish(summary);
        }
        Job ended = running.ended(new Outcome.Succeeded(result.rows()), Instant.now(), Duration.ofMillis(1234));
        store.publish(running, ended, result);
        return ended.id().toString();
    }

    /**
     * So many jobs, the newest submitted now, the others a second apart before it; one in a hundred has
     * failed. Their results are purged.
     */
    public void many(int count, Map<String, Object> params) throws IOException {
        Instant now = Instant.now();
        for (int i = 0; i < count; i++) {
            Instant at = now.minusSeconds(count - i);
            Job running = Job.accepted(request("Night run " + i, params, store.nextSeq(), at)).started(at);
            Job ended = running.ended(outcome(i), at.plusSeconds(1), Duration.ofMillis(900 + i % 100));
            Path folder = Files.createDirectories(dataDir.resolve("ended")
                    .resolve(JobFolders.MONTH.format(ended.end().at()))
                    .resolve(ended.id().toString()));
            Files.write(folder.resolve(JobFolders.REQUEST), sealed(RequestFile.write(ended.request())));
            Files.write(folder.resolve(JobFolders.OUTCOME), sealed(OutcomeFile.write(ended)));
        }
    }

    private static Outcome outcome(int i) {
        return i % 100 == 7
                ? new Outcome.Failed(new Failure(ErrorCode.INVALID_INPUT, "The input is not gzip", "look at the file"))
                : new Outcome.Succeeded(10);
    }

    /** The form of {@link Sealed}, in memory. */
    private static byte[] sealed(byte[] json) {
        CRC32C crc = new CRC32C();
        crc.update(json);
        String head = "{\"crc32c\":\"" + HexFormat.of().toHexDigits((int) crc.getValue()) + "\",";
        return (head + new String(json, 1, json.length - 1, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        store.close();
    }
}
