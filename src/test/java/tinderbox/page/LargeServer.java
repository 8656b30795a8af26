package tinderbox.page;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import tinderbox.store.JobHistory;

/**
 * A server with many ended jobs, one of them with a log of a million lines and a result of a million rows.
 *
 * @param pageServer the running server
 * @param job the id of the job with the log and the result
 */
public record LargeServer(PageServer pageServer, String job) implements AutoCloseable {
    public static final int LINES = 1_000_000;
    public static final int ROWS = 1_000_000;

    private static final Map<String, Object> PARAMS = Map.of(
            "input",
            "samples/moby-dick.txt",
            "case_sensitive",
            false,
            "strip_punctuation",
            false,
            "min_length",
            1L,
            "min_count",
            1L,
            "delay_seconds",
            0L);
    private static final Map<String, Object> SUMMARY = Map.of(
            "words",
            (long) ROWS * (ROWS + 1L) / 2,
            "distinct_words",
            (long) ROWS,
            "bytes_read",
            1L << 33,
            "files",
            1L,
            "rank_frequency",
            List.of(List.of(1L, (long) ROWS, "word0"), List.of((long) ROWS, 1L, "word999999")));

    /** Creates so many jobs on disk, then starts the server. */
    public static LargeServer start(PageServer pageServer, int jobs) throws IOException {
        JobHistory.createMany(pageServer.dataDir(), jobs - 1, PARAMS);
        String job;
        try (JobHistory jobHistory = new JobHistory(pageServer.dataDir())) {
            job = jobHistory.addSucceeded(
                    "The largest",
                    PARAMS,
                    log -> {
                        for (int i = 1; i <= LINES; i++) {
                            log.info("Line " + i + " tells what happened, at the length that such lines have");
                        }
                    },
                    rows -> {
                        for (int i = 0; i < ROWS; i++) {
                            rows.row(List.of("word" + i, (long) ROWS - i));
                        }
                    },
                    SUMMARY);
        }
        return new LargeServer(pageServer.start(), job);
    }

    @Override
    public void close() throws IOException {
        pageServer.close();
    }
}
