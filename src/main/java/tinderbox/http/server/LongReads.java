package tinderbox.http.server;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import tinderbox.common.LongRead;
import tinderbox.http.message.ClientConnection;
import tinderbox.http.message.Request;
import tinderbox.http.message.StreamingBody;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.Slots;

/**
 * Reads that may take long, on worker threads: at most two of a kind at once, so that other requests have workers; each
 * with a time limit, and only while its client is connected. Passes over results take both cores of a small machine, so
 * each caller has one at a time; the next one waits a moment, because the client may just have given up the last one.
 */
public final class LongReads {
    private static final int MAX_PER_KIND = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** The number of workers that all long reads together can hold. As many passes can wait as can run. */
    public static final int MAX_WORKERS = MAX_PER_KIND * Kind.values().length;

    /** The kinds of reads and their time limits. */
    public enum Kind {
        PREVIEW("previews at the same time", Duration.ofSeconds(2)),
        LISTING("folder listings at the same time", Duration.ofSeconds(30)),
        DATASET_SEARCH("searches of datasets at the same time", Duration.ofSeconds(3)),
        /** Waits for an HDFS, or for the check of a result. */
        DATASET_OPENING("openings of datasets at the same time", Duration.ofDays(1)),
        /** A Spark job, which takes cores from others. */
        COLUMNS("requests for the columns of datasets at the same time", Duration.ofSeconds(15)),
        DEEP_PAGE("pages far into a result at the same time", Duration.ofSeconds(2)),
        /** A pass over a result. */
        RESULT_FILTER(Duration.ofSeconds(2)),
        /** A pass over a result, and a sort of what it has found. */
        RESULT_SORT(Duration.ofSeconds(10)),
        /** A pass over a result that writes a file for a download. */
        RESULT_DOWNLOAD(Duration.ofDays(1)),
        /** A check must complete; otherwise the result could never be read. */
        RESULT_CHECK("checks of results at the same time", Duration.ofDays(1)),
        LOG_SEARCH("searches of logs at the same time", Duration.ofSeconds(2)),
        AUDIT("searches of the audit log at the same time", Duration.ofSeconds(2));

        /** Null for passes, which share their slots. */
        private final String purpose;

        private final Duration limit;

        Kind(String purpose, Duration limit) {
            this.purpose = purpose;
            this.limit = limit;
        }

        Kind(Duration limit) {
            this(null, limit);
        }

        private boolean isPass() {
            return purpose == null;
        }
    }

    private final Map<Kind, Slots> slots = new EnumMap<>(Kind.class);
    private final Slots passes = Slots.each(
            ErrorCode.SERVER_BUSY, "passes over results (q, sort, filter, fold) at the same time", MAX_PER_KIND, 1);

    public LongReads() {
        for (Kind kind : Kind.values()) {
            if (!kind.isPass()) {
                int each = kind == Kind.COLUMNS ? 1 : MAX_PER_KIND;
                slots.put(kind, Slots.each(ErrorCode.SERVER_BUSY, kind.purpose, MAX_PER_KIND, each));
            }
        }
    }

    /**
     * Runs a read for a request.
     *
     * @throws JobException {@link ErrorCode#SERVER_BUSY} if too many of the kind run already
     * @throws StreamingBody.DisconnectedException if the client has disconnected
     */
    public <T> T run(Request request, Kind kind, LongRead.Work<T> work) throws IOException {
        return run(request.requestOrigin().holder(), request.clientConnection(), kind, work);
    }

    <T> T run(String holder, ClientConnection clientConnection, Kind kind, LongRead.Work<T> work) throws IOException {
        Slots.Slot slot = kind.isPass() ? passes.take(holder, PATIENCE) : take(kind, holder);
        try {
            return run(clientConnection, LongRead.within(kind.limit), work);
        } finally {
            slot.close();
        }
    }

    private Slots.Slot take(Kind kind, String holder) {
        return kind == Kind.COLUMNS || kind == Kind.DATASET_OPENING
                ? slots.get(kind).take(holder, PATIENCE)
                : slots.get(kind).take(holder);
    }

    private static <T> T run(ClientConnection clientConnection, LongRead longRead, LongRead.Work<T> work)
            throws IOException {
        Runnable endOfWatch = clientConnection.watch(longRead::cancel);
        try {
            return longRead.run(work);
        } catch (CancellationException e) {
            throw new StreamingBody.DisconnectedException(new IOException("the client has gone", e));
        } finally {
            endOfWatch.run();
        }
    }
}
