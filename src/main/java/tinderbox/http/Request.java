package tinderbox.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tinderbox.job.JobId;

/**
 * A request as handlers see it.
 *
 * @param id its name in the log
 * @param captured what the braces in the route stand for
 * @param query its query parameters
 * @param accept its Accept header, or null
 * @param acceptEncoding its Accept-Encoding header, or null
 * @param idempotencyKey its Idempotency-Key header, or null
 * @param lastEventId its Last-Event-ID header, or null
 * @param body its body; empty where the call reads it as it comes in
 * @param incoming its body where the call reads it as it comes in, or null
 */
record Request(
        String id,
        Map<String, String> captured,
        Query query,
        String accept,
        String acceptEncoding,
        String idempotencyKey,
        String lastEventId,
        RequestBody body,
        Incoming incoming) {
    /** The job that the path names. */
    JobId jobId() {
        return JobId.parse(captured.get("id"));
    }

    /** Who sent it. */
    String submitter() {
        return "local";
    }

    /** The one of these media types that the Accept header likes best; empty where it likes none. */
    Optional<String> preferred(List<String> offered) {
        return Accept.best(accept, offered);
    }
}
