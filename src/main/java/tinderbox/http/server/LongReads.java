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
 * with a time limit, and only while its client is connected.
 */
public final class LongReads {
    private static final int MAX_PER_KIND = 2;

    /** The number of workers that all long reads together can hold. */
    public static final int MAX_WORKERS = MAX_PER_KIND * Kind.values().length;

    /** The kinds of reads and their time limits. */
    public enum Kind {
        PREVIEW("previews at the same time", Duration.ofSeconds(2)),
        LISTING("folder listings at the same time", Duration.ofSeconds(30)),
        RESULT_SEARCH("searches of results at the same time", Duration.ofSeconds(2)),
        /** A check must complete; otherwise the result could never be read. */
        RESULT_CHECK("checks of results at the same time", Duration.ofDays(1)),
        LOG_SEARCH("searches of logs at the same time", Duration.ofSeconds(2)),
        AUDIT("searches of the audit log at the same time", Duration.ofSeconds(2));

        private final String purpose;
        private final Duration limit;

        Kind(String purpose, Duration limit) {
            this.purpose = purpose;
            this.limit = limit;
        }
    }

    private final Map<Kind, Slots> slots = new EnumMap<>(Kind.class);

    public LongReads() {
        for (Kind kind : Kind.values()) {
            slots.put(kind, new Slots(ErrorCode.SERVER_BUSY, kind.purpose, MAX_PER_KIND, 100));
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
        Slots.Slot slot = slots.get(kind).take(holder);
        try {
            return run(clientConnection, LongRead.within(kind.limit), work);
        } finally {
            slot.close();
        }
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
