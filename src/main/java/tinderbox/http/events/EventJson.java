package tinderbox.http.events;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tinderbox.http.json.JobJson;
import tinderbox.http.json.LogLineJson;
import tinderbox.http.json.LogPageJson;
import tinderbox.job.JobView;
import tinderbox.json.Json;

/**
 * The events on the wire.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML: Server-sent events</a>
 */
public final class EventJson {
    /**
     * Starts every stream: the delay before a client reconnects, and a comment for proxies that hold back the first two
     * kilobytes.
     */
    static final ByteBuffer PREAMBLE = ascii("retry: 2000\n:" + " ".repeat(2048) + "\n\n");

    static final ByteBuffer PING = ascii("event: ping\ndata: {}\n\n");

    /**
     * Ends a stream that the server closes. The delay is long enough for the server to have stopped or restarted: while it
     * stops it would respond with an error, after which browsers do not reconnect.
     */
    static final ByteBuffer CLOSING = ascii("retry: 4000\n\n");

    /** Ends a stream while the server starts. */
    public static final ByteBuffer STARTING = ascii("retry: 2000\n\n");

    private EventJson() {}

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();
    }

    /** An event. All streams share the buffer, so nobody may move its position. */
    static ByteBuffer event(String name, EventId id, Object data) {
        ByteBuffer head = ascii("event: " + name + "\nid: " + id + "\ndata: ");
        // The JSON has no line feed, which would end the data.
        byte[] json = Json.write(data);
        return ByteBuffer.allocate(head.remaining() + json.length + 2)
                .put(head)
                .put(json)
                .put((byte) '\n')
                .put((byte) '\n')
                .flip()
                .asReadOnlyBuffer();
    }

    /** The snapshot of many jobs: those that run, and the newest. */
    @CompiledJson
    record ManyJobs(List<JobJson> jobs, Map<String, Long> counts) {}

    /** The snapshot of one job. */
    @CompiledJson
    record OneJob(JobJson job, LogPageJson log) {}

    /** The progress of a running job. */
    @CompiledJson
    record JobProgress(
            @JsonAttribute(name = "job_id") String jobId,
            String status,
            @JsonAttribute(name = "duration_ms") Long durationMs,
            JobJson.ProgressJson progress) {
        static JobProgress of(JobView view) {
            return new JobProgress(
                    view.job().id().toString(),
                    view.job().state().name(),
                    view.ran().toMillis(),
                    JobJson.ProgressJson.of(view.progress()));
        }
    }

    /** New lines of the log of a job. */
    @CompiledJson
    record LogLines(@JsonAttribute(name = "job_id") String jobId, long from, long next, List<LogLineJson> lines) {}

    /** A job was deleted. */
    @CompiledJson
    record Deleted(@JsonAttribute(name = "job_id") String jobId) {}
}
