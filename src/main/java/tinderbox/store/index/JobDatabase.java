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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.hsqldb.Database;
import org.hsqldb.DatabaseManager;
import org.hsqldb.DatabaseType;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.json.MalformedJsonException;
import tinderbox.store.files.ChecksummedJson;
import tinderbox.store.files.OutcomeFile;
import tinderbox.store.files.RequestFile;

/**
 * Finds jobs: an HSQLDB table with one row a job, which holds the job's two files as they are on disk beside
 * what the {@link InMemoryJobIndex} is filled with. It may lag behind the folders by what a crash of the machine takes from it, and
 * can be made anew from them.
 */
public final class JobDatabase implements AutoCloseable {
    /** How many rows stay in memory, written ones too: with the default of 50,000 the heap grows with every job. */
    private static final int CACHED_ROWS = 1000;

    private static final String URL_OPTIONS = ";hsqldb.tx=mvcc;hsqldb.default_table_type=cached"
            + ";hsqldb.write_delay_millis=100;hsqldb.lock_file=false;hsqldb.full_log_replay=true"
            + ";hsqldb.log_size=16;shutdown=false;hsqldb.cache_rows=" + CACHED_ROWS;

    /** How many rows are read at once by who reads all: HSQLDB holds a whole answer in memory. */
    private static final int PAGE_ROWS = 5000;

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
              request VARCHAR(1000000) NOT NULL,
              outcome VARCHAR(1000000),
              checksum BIGINT NOT NULL)""", "CREATE INDEX job_idempotency ON job (idempotency)", "CREATE INDEX job_ended_at ON job (ended_at)");

    private static final String PUT = """
            MERGE INTO job USING (VALUES(
                CAST(? AS CHAR(36)), CAST(? AS BIGINT), CAST(? AS VARCHAR(10)), CAST(? AS VARCHAR(200)),
                CAST(? AS VARCHAR(255)), CAST(? AS VARCHAR(16000)), CAST(? AS VARCHAR(600)), CAST(? AS BIGINT),
                CAST(? AS BIGINT), CAST(? AS VARCHAR(1000000)), CAST(? AS VARCHAR(1000000)), CAST(? AS BIGINT)))
              AS new (id, seq, state, type, submitted_by, search, idempotency, submitted_at, ended_at, request,
                      outcome, checksum)
            ON job.id = new.id
            WHEN MATCHED THEN UPDATE SET state = new.state, ended_at = new.ended_at, outcome = new.outcome,
              checksum = new.checksum
            WHEN NOT MATCHED THEN INSERT VALUES
              new.id, new.seq, new.state, new.type, new.submitted_by, new.search, new.idempotency,
              new.submitted_at, new.ended_at, new.request, new.outcome, new.checksum""";

    private final Path file;
    private final HikariDataSource source;
    private final Jdbc jdbc;

    /**
     * Opens the index in this folder, or makes it.
     *
     * @throws IndexException where what is there cannot be used
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

    /** Makes the table where it is not there. */
    private void prepare() {
        // What the stored script says goes before the URL, so it is said again.
        jdbc.update("SET FILES WRITE DELAY 100 MILLIS");
        jdbc.update("SET FILES CACHE ROWS " + CACHED_ROWS);
        List<String> columns = jdbc.query(
                row -> row.getString(1), "SELECT column_name FROM information_schema.columns WHERE table_name = 'JOB'");
        if (!columns.isEmpty() && !columns.contains("CHECKSUM")) {
            // Of an older server: it is filled from the folders again.
            jdbc.update("DROP TABLE job");
            columns = List.of();
        }
        if (columns.isEmpty()) {
            SCHEMA.forEach(jdbc::update);
        }
    }

    /** Puts jobs in, or what they are now in the place of what they were; in one transaction. */
    public void putAll(Collection<Job> jobs) {
        jdbc.batch(PUT, jobs.stream().map(JobDatabase::row).toList());
    }

    private static Object[] row(Job job) {
        JobRequest request = job.request();
        List<Object> row = new ArrayList<>();
        row.add(job.id().toString());
        row.add(request.seq());
        row.add(job.state().name());
        row.add(request.type());
        row.add(request.submittedBy());
        row.add(InMemoryJobIndex.searchable(request).toLowerCase(Locale.ROOT));
        row.add(
                request.idempotencyKey() == null
                        ? null
                        : IdempotencyKey.scope(
                                request.submittedBy(), request.idempotencyKey().key()));
        row.add(request.submittedAt().toEpochMilli());
        row.add(job.end() == null ? null : job.end().at().toEpochMilli());
        long checksum = checksum(row);
        row.add(withChecksum(RequestFile.write(request)));
        row.add(job.end() == null ? null : withChecksum(OutcomeFile.write(job)));
        row.add(checksum);
        return row.toArray();
    }

    /** Of what stands before the two texts, which have checksums of their own. */
    private static long checksum(List<Object> columns) {
        CRC32C crc = new CRC32C();
        for (Object column : columns) {
            crc.update((column + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return crc.getValue();
    }

    /** HSQLDB does not look whether a row is what was written; so these texts tell it themselves, as the files do. */
    private static String withChecksum(byte[] json) {
        return new String(ChecksummedJson.addChecksum(json), StandardCharsets.UTF_8);
    }

    private static byte[] verify(String sealed) throws IOException {
        return ChecksummedJson.verify(sealed.getBytes(StandardCharsets.UTF_8), "a row of the job index");
    }

    /** Takes many jobs out, in one transaction. */
    public void removeAll(Collection<JobId> ids) {
        jdbc.batch(
                "DELETE FROM job WHERE id = ?",
                ids.stream().map(id -> new Object[] {id.toString()}).toList());
    }

    /** What was accepted, whether or not the job has ended. */
    public Optional<JobRequest> findRequest(JobId id) {
        return jdbc
                .query(row -> request(row.getString(1)), "SELECT request FROM job WHERE id = ?", id.toString())
                .stream()
                .findFirst();
    }

    /** The job that this submitter sent with this idempotency key. */
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
     * The oldest jobs that ended before {@code endedBefore}, but none that has an idempotency key and is younger than
     * {@code keysBefore}; times in ms since 1970.
     */
    public List<Job> endedBefore(long endedBefore, long keysBefore, int limit) {
        return ended("""
                SELECT request, outcome FROM job WHERE ended_at < ? AND (idempotency IS NULL OR submitted_at < ?)
                ORDER BY ended_at LIMIT ?""", endedBefore, keysBefore, limit);
    }

    /** The same of the ended jobs up to {@code last} in the order of acceptance, whatever their age. */
    public List<Job> endedUpTo(JobId last, long keysBefore, int limit) {
        return ended("""
                SELECT request, outcome FROM job WHERE seq <= (SELECT seq FROM job WHERE id = ?)
                AND ended_at IS NOT NULL AND (idempotency IS NULL OR submitted_at < ?) ORDER BY seq LIMIT ?""", last.toString(), keysBefore, limit);
    }

    /** Takes a job from a row, as far as lists need it. */
    public interface Visitor {
        void visit(long seq, JobId id, JobState state, String type, String submittedBy, String searchable);
    }

    /** Shows every job, in the order of acceptance, without the two files of each. */
    public void forEach(Visitor visitor) {
        long last = Long.MIN_VALUE;
        for (int rows = PAGE_ROWS; rows == PAGE_ROWS; ) {
            List<Long> seqs = jdbc.query(
                    row -> {
                        check(row);
                        visitor.visit(
                                row.getLong(1),
                                JobId.parse(row.getString(2)),
                                JobState.valueOf(row.getString(3)),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6));
                        return row.getLong(1);
                    },
                    """
                    SELECT seq, id, state, type, submitted_by, search, idempotency, submitted_at, ended_at, checksum
                    FROM job WHERE seq > ? ORDER BY seq LIMIT ?""",
                    last,
                    PAGE_ROWS);
            rows = seqs.size();
            last = rows == 0 ? last : seqs.get(rows - 1);
        }
    }

    private static void check(ResultSet row) throws SQLException {
        List<Object> columns = new ArrayList<>();
        columns.add(row.getString(2));
        columns.add(row.getLong(1));
        for (int column = 3; column <= 9; column++) {
            columns.add(row.getObject(column));
        }
        if (checksum(columns) != row.getLong(10)) {
            throw new SQLException("a row of the job index is damaged");
        }
    }

    /** Those of these jobs that are known to have ended. */
    public Map<JobId, Job> findEnded(List<JobId> ids) {
        Map<JobId, Job> found = new HashMap<>();
        if (!ids.isEmpty()) {
            String each = String.join(",", Collections.nCopies(ids.size(), "?"));
            ended(
                            "SELECT request, outcome FROM job WHERE id IN (" + each + ")",
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
            return Optional.of(OutcomeFile.read(request(row.getString(1)), verify(outcome)));
        } catch (IOException | MalformedJsonException | RuntimeException e) {
            throw new SQLException("a row of the job index is damaged", e);
        }
    }

    private static JobRequest request(String sealed) throws SQLException {
        try {
            return RequestFile.read(verify(sealed));
        } catch (IOException | MalformedJsonException | RuntimeException e) {
            throw new SQLException("a row of the job index is damaged", e);
        }
    }

    /** Lets go of the files as they are. */
    public void abandon() {
        source.close();
        abandon(file);
    }

    /** HSQLDB keeps what it has opened, broken or not, for whoever opens the same files again. */
    private static void abandon(Path file) {
        try {
            shutDown(file, Database.CLOSEMODE_IMMEDIATELY);
        } catch (IndexException e) {
            // It is broken anyway, and about to be put aside.
        }
    }

    @Override
    public void close() {
        // First the pool: it would open the files again for the connections that the shutdown takes from it.
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
