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
 * Events as they go over the wire.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML: Server-sent events</a>
 */
public final class EventJson {
    /**
     * Begins every stream: how long a client waits before it comes again, and enough of a comment for proxies that
     * hold back the first two kilobytes.
     */
    static final ByteBuffer PREAMBLE = ascii("retry: 2000\n:" + " ".repeat(2048) + "\n\n");

    static final ByteBuffer PING = ascii("event: ping\ndata: {}\n\n");

    /**
     * Ends a stream that the server closes. Who comes again meets a server that is up once more, or none: one that is
     * still stopping would answer with an error, after which browsers do not come again.
     */
    static final ByteBuffer CLOSING = ascii("retry: 4000\n\n");

    /** Ends a stream of a server that starts. */
    public static final ByteBuffer STARTING = ascii("retry: 2000\n\n");

    private EventJson() {}

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)).asReadOnlyBuffer();
    }

    /** One event; shared by all who are told, so nobody moves its position. */
    static ByteBuffer event(String name, EventId id, Object data) {
        ByteBuffer head = ascii("event: " + name + "\nid: " + id + "\ndata: ");
        // JSON written here has no line feed: it would end the data.
        byte[] json = Json.write(data);
        return ByteBuffer.allocate(head.remaining() + json.length + 2)
                .put(head)
                .put(json)
                .put((byte) '\n')
                .put((byte) '\n')
                .flip()
                .asReadOnlyBuffer();
    }

    /** What is now, of all jobs: those that run, and the newest. */
    @CompiledJson
    record AllJobs(List<JobJson> jobs, Map<String, Long> counts) {}

    /** What is now, of one job. */
    @CompiledJson
    record OneJob(JobJson job, LogPageJson log) {}

    /** How far a running job is. */
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

    /** New lines of a job's log. */
    @CompiledJson
    record LogLines(@JsonAttribute(name = "job_id") String jobId, long from, long next, List<LogLineJson> lines) {}

    /** A job is gone. */
    @CompiledJson
    record Deleted(@JsonAttribute(name = "job_id") String jobId) {}
}
