package tinderbox.store.index;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.hsqldb.Database;
import org.hsqldb.DatabaseManager;
import org.hsqldb.DatabaseType;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.Job;
import tinderbox.job.JobEdits;
import tinderbox.job.JobId;
import tinderbox.job.JobOrigin;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.json.MalformedJsonException;
import tinderbox.store.files.ChecksummedJson;
import tinderbox.store.files.EditsFile;
import tinderbox.store.files.OutcomeFile;
import tinderbox.store.files.RequestFile;

/**
 * The index on disk: an HSQLDB table with one row per job. A row has the job's request, outcome and edits as they are in its
 * folder, and what {@link InMemoryJobIndex} needs. After a crash of the machine it may be behind the folders. It can be
 * rebuilt from them.
 */
public final class JobDatabase implements AutoCloseable {
    /** How many rows HSQLDB caches. With its default of 50,000, the heap would grow with every job. */
    private static final int CACHED_ROWS = 1000;

    private static final String URL_OPTIONS = ";hsqldb.tx=mvcc;hsqldb.default_table_type=cached"
            + ";hsqldb.write_delay_millis=100;hsqldb.lock_file=false;hsqldb.full_log_replay=true"
            + ";hsqldb.log_size=16;shutdown=false;hsqldb.cache_rows=" + CACHED_ROWS;

    /** How many rows {@link #forEach} reads at once. HSQLDB holds a whole result set in memory. */
    private static final int PAGE_ROWS = 5000;

    private static final String DAMAGED = "a row of the job index is damaged";
    private static final String USER = "tinderbox";
    private static final int CONNECTIONS = 8;
    private static final long CONNECTION_TIMEOUT_MS = 10_000;

    private static final List<String> SCHEMA = List.of(
            """
            CREATE CACHED TABLE job (
              id CHAR(36) PRIMARY KEY,
              seq BIGINT NOT NULL UNIQUE,
              state VARCHAR(10) NOT NULL,
              type VARCHAR(200) NOT NULL,
              submitted_by VARCHAR(255) NOT NULL,
              search VARCHAR(16000) NOT NULL,
              idempotency VARCHAR(600),
              submitted_at BIGINT NOT NULL,
              ended_at BIGINT,
              ran BIGINT,
              rerun_of CHAR(36),
              run_set CHAR(36),
              preset CHAR(36),
              labels VARCHAR(16000) NOT NULL,
              request VARCHAR(1000000) NOT NULL,
              outcome VARCHAR(1000000),
              edits VARCHAR(100000),
              checksum BIGINT NOT NULL)""", "CREATE INDEX job_idempotency ON job (idempotency)", "CREATE INDEX job_ended_at ON job (ended_at)");

    private static final String PUT = """
            MERGE INTO job USING (VALUES(
                CAST(? AS CHAR(36)), CAST(? AS BIGINT), CAST(? AS VARCHAR(10)), CAST(? AS VARCHAR(200)),
                CAST(? AS VARCHAR(255)), CAST(? AS VARCHAR(16000)), CAST(? AS VARCHAR(600)), CAST(? AS BIGINT),
                CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS CHAR(36)), CAST(? AS CHAR(36)),
                CAST(? AS CHAR(36)), CAST(? AS VARCHAR(16000)),
                CAST(? AS VARCHAR(1000000)), CAST(? AS VARCHAR(1000000)), CAST(? AS VARCHAR(100000)),
                CAST(? AS BIGINT)))
              AS new (id, seq, state, type, submitted_by, search, idempotency, submitted_at, ended_at, ran, rerun_of,
                      run_set, preset, labels, request, outcome, edits, checksum)
            ON job.id = new.id
            WHEN MATCHED THEN UPDATE SET state = new.state, search = new.search, ended_at = new.ended_at,
              ran = new.ran, labels = new.labels, outcome = new.outcome, edits = new.edits, checksum = new.checksum
            WHEN NOT MATCHED THEN INSERT VALUES
              new.id, new.seq, new.state, new.type, new.submitted_by, new.search, new.idempotency,
              new.submitted_at, new.ended_at, new.ran, new.rerun_of, new.run_set, new.preset, new.labels,
              new.request, new.outcome, new.edits, new.checksum""";

    private final Path file;
    private final HikariDataSource source;
    private final Jdbc jdbc;

    /**
     * Opens the database in this folder, or creates it.
     *
     * @throws IndexException if the existing files cannot be used
     */
    public JobDatabase(Path folder) {
        this.file = folder.resolve("jobs");
        HikariConfig config = new HikariConfig();
        config.setPoolName("tinderbox-index");
        config.setJdbcUrl("jdbc:hsqldb:file:" + file + URL_OPTIONS);
        config.setUsername(USER);
        config.setPassword(USER);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
        try {
            // Fails at once if the files are damaged; the pool would wait a second and try again.
            DriverManager.getConnection(config.getJdbcUrl(), USER, USER).close();
            this.source = new HikariDataSource(config);
        } catch (SQLException | RuntimeException e) {
            abandon(file);
            throw new IndexException("opening " + folder, e);
        }
        this.jdbc = new Jdbc(source);
        try {
            prepare();
        } catch (IndexException e) {
            abandon();
            throw e;
        }
    }

    /** Creates the table if it does not exist. */
    private void prepare() {
        // The options in the stored script override those in the URL, so they are set again.
        jdbc.update("SET FILES WRITE DELAY 100 MILLIS");
        jdbc.update("SET FILES CACHE ROWS " + CACHED_ROWS);
        List<String> columns = jdbc.query(
                row -> row.getString(1), "SELECT column_name FROM information_schema.columns WHERE table_name = 'JOB'");
        if (!columns.isEmpty() && !columns.contains("EDITS")) {
            // An older server wrote this table. It is filled again from the folders.
            jdbc.update("DROP TABLE job");
            columns = List.of();
        }
        if (columns.isEmpty()) {
            SCHEMA.forEach(jdbc::update);
        }
    }

    /** Inserts or updates jobs, in one transaction. */
    public void putAll(Collection<Job> jobs) {
        jdbc.batch(PUT, jobs.stream().map(JobDatabase::row).toList());
    }

    private static Object[] row(Job job) {
        JobRequest request = job.request();
        IndexedJob indexed = IndexedJob.of(job);
        List<Object> row = new ArrayList<>();
        row.add(job.id().toString());
        row.add(indexed.seq());
        row.add(indexed.state().name());
        row.add(indexed.type());
        row.add(indexed.submittedBy());
        row.add(indexed.searchable().toLowerCase(Locale.ROOT));
        row.add(
                request.idempotencyKey() == null
                        ? null
                        : IdempotencyKey.scope(
                                request.submittedBy(), request.idempotencyKey().key()));
        row.add(indexed.submittedAt());
        row.add(indexed.endedAt());
        row.add(indexed.ran());
        JobOrigin origin = indexed.origin();
        row.add(origin.rerunOf() == null ? null : origin.rerunOf().toString());
        row.add(origin.runSet());
        row.add(origin.preset());
        row.add(lines(indexed.labels()));
        long checksum = checksum(row);
        row.add(withChecksum(RequestFile.write(request)));
        row.add(job.end() == null ? null : withChecksum(OutcomeFile.write(job)));
        row.add(job.edits() == null ? null : withChecksum(EditsFile.write(job.id(), job.edits())));
        row.add(checksum);
        return row.toArray();
    }

    /** A line for each label: a key has no colon, and a value no line feed. */
    private static String lines(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + ":" + label.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, String> labels(String lines) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String line : lines.isEmpty() ? new String[0] : lines.split("\n", -1)) {
            int colon = line.indexOf(':');
            labels.put(line.substring(0, colon), line.substring(colon + 1));
        }
        return labels;
    }

    /** The checksum of the columns before request, outcome and edits, which have their own checksums. */
    private static long checksum(List<Object> columns) {
        CRC32C crc = new CRC32C();
        for (Object column : columns) {
            crc.update((column + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return crc.getValue();
    }

    /** HSQLDB does not detect damaged rows, so request, outcome and edits have checksums, as in the files. */
    private static String withChecksum(byte[] json) {
        return new String(ChecksummedJson.addChecksum(json), StandardCharsets.UTF_8);
    }

    private static byte[] verify(String checksummed) throws IOException {
        return ChecksummedJson.verify(checksummed.getBytes(StandardCharsets.UTF_8), "a row of the job index");
    }

    /** Removes jobs, in one transaction. */
    public void removeAll(Collection<JobId> ids) {
        jdbc.batch(
                "DELETE FROM job WHERE id = ?",
                ids.stream().map(id -> new Object[] {id.toString()}).toList());
    }

    /** The request of a job, whether or not the job has ended. */
    public Optional<JobRequest> findRequest(JobId id) {
        return jdbc
                .query(row -> request(row.getString(1)), "SELECT request FROM job WHERE id = ?", id.toString())
                .stream()
                .findFirst();
    }

    /** What users have edited of a job, whether or not it has ended. */
    public Optional<JobEdits> findEdits(JobId id) {
        return jdbc
                .query(
                        row -> Optional.ofNullable(edits(id, row.getString(1))),
                        "SELECT edits FROM job WHERE id = ?",
                        id.toString())
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The job with this submitter and idempotency key. */
    public Optional<JobId> findByKey(String submittedBy, String key) {
        return jdbc
                .query(
                        row -> JobId.parse(row.getString(1)),
                        "SELECT id FROM job WHERE idempotency = ?",
                        IdempotencyKey.scope(submittedBy, key))
                .stream()
                .findFirst();
    }

    /**
     * The oldest jobs that ended before {@code endedBefore}, except those that have an idempotency key and were submitted
     * at or after {@code keysBefore}. Times are in ms since 1970.
     */
    public List<Job> endedBefore(long endedBefore, long keysBefore, int limit) {
        return ended("""
                SELECT request, outcome, edits FROM job WHERE ended_at < ? AND (idempotency IS NULL OR submitted_at < ?)
                ORDER BY ended_at LIMIT ?""", endedBefore, keysBefore, limit);
    }

    /** As above, but of all ended jobs up to {@code last} in the order of acceptance, no matter how old they are. */
    public List<Job> endedUpTo(JobId last, long keysBefore, int limit) {
        return ended("""
                SELECT request, outcome, edits FROM job WHERE seq <= (SELECT seq FROM job WHERE id = ?)
                AND ended_at IS NOT NULL AND (idempotency IS NULL OR submitted_at < ?) ORDER BY seq LIMIT ?""", last.toString(), keysBefore, limit);
    }

    /** Visits what lists need of every job, in the order of acceptance. */
    public void forEach(Consumer<IndexedJob> visitor) {
        long last = Long.MIN_VALUE;
        for (int rows = PAGE_ROWS; rows == PAGE_ROWS; ) {
            List<Long> seqs = jdbc.query(
                    row -> {
                        check(row);
                        visitor.accept(indexed(row));
                        return row.getLong(1);
                    },
                    """
                    SELECT seq, id, state, type, submitted_by, search, idempotency, submitted_at, ended_at, ran, rerun_of,
                      run_set, preset, labels, checksum
                    FROM job WHERE seq > ? ORDER BY seq LIMIT ?""",
                    last,
                    PAGE_ROWS);
            rows = seqs.size();
            last = rows == 0 ? last : seqs.get(rows - 1);
        }
    }

    /** What the row says of a job. When its attempt began is not there: no attempt outlasts its server. */
    private static IndexedJob indexed(ResultSet row) throws SQLException {
        String rerunOf = row.getString(11);
        return new IndexedJob(
                row.getLong(1),
                JobId.parse(row.getString(2)),
                JobState.valueOf(row.getString(3)),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getLong(8),
                null,
                (Long) row.getObject(9),
                (Long) row.getObject(10),
                JobOrigin.of(rerunOf == null ? null : JobId.parse(rerunOf), row.getString(12), row.getString(13)),
                labels(row.getString(14)));
    }

    private static void check(ResultSet row) throws SQLException {
        List<Object> columns = new ArrayList<>();
        columns.add(row.getString(2));
        columns.add(row.getLong(1));
        for (int column = 3; column <= 14; column++) {
            columns.add(row.getObject(column));
        }
        if (checksum(columns) != row.getLong(15)) {
            throw new SQLException(DAMAGED);
        }
    }

    /** Those of these jobs that have ended according to the database. */
    public Map<JobId, Job> findEnded(List<JobId> ids) {
        Map<JobId, Job> found = new HashMap<>();
        if (!ids.isEmpty()) {
            String each = String.join(",", Collections.nCopies(ids.size(), "?"));
            ended(
                            "SELECT request, outcome, edits FROM job WHERE id IN (" + each + ")",
                            ids.stream().map(JobId::toString).toArray())
                    .forEach(job -> found.put(job.id(), job));
        }
        return found;
    }

    private List<Job> ended(String sql, Object... arguments) {
        return jdbc.query(JobDatabase::endedJob, sql, arguments).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Job> endedJob(ResultSet row) throws SQLException {
        String outcome = row.getString(2);
        if (outcome == null) {
            return Optional.empty();
        }
        try {
            Job ended = OutcomeFile.read(request(row.getString(1)), verify(outcome));
            return Optional.of(ended.withEdits(edits(ended.id(), row.getString(3))));
        } catch (IOException | MalformedJsonException | RuntimeException e) {
            throw new SQLException(DAMAGED, e);
        }
    }

    private static JobRequest request(String checksummed) throws SQLException {
        try {
            return RequestFile.read(verify(checksummed));
        } catch (IOException | MalformedJsonException | RuntimeException e) {
            throw new SQLException(DAMAGED, e);
        }
    }

    private static JobEdits edits(JobId id, String checksummed) throws SQLException {
        try {
            return checksummed == null ? null : EditsFile.read(id, verify(checksummed));
        } catch (IOException | MalformedJsonException | RuntimeException e) {
            throw new SQLException(DAMAGED, e);
        }
    }

    /** Closes the files without writing to them. */
    public void abandon() {
        source.close();
        abandon(file);
    }

    /** Otherwise HSQLDB would return the same open database, broken or not, the next time. */
    private static void abandon(Path file) {
        try {
            shutDown(file, Database.CLOSEMODE_IMMEDIATELY);
        } catch (IndexException e) {
            // It is broken, and about to be moved away.
        }
    }

    @Override
    public void close() {
        // The pool first: it would replace connections that the shutdown closes, and so open the files again.
        source.close();
        shutDown(file, Database.CLOSEMODE_NORMAL);
    }

    private static void shutDown(Path file, int mode) {
        try {
            Database database = DatabaseManager.lookupDatabaseObject(
                    DatabaseType.DB_FILE, file.toFile().getCanonicalPath());
            if (database != null) {
                database.close(mode);
            }
        } catch (IOException | RuntimeException e) {
            throw new IndexException("closing " + file.getParent(), e);
        }
    }
}
