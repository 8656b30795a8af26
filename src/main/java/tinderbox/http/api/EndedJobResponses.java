package tinderbox.http.api;

import java.util.LinkedHashMap;
import java.util.Map;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseBody;
import tinderbox.job.JobId;

/**
 * The answers about ended jobs that were asked for last: nothing in them changes any more, and to make one takes
 * several files. Whether the job is still there is for the caller to see.
 */
final class EndedJobResponses {
    private static final long MAX_BYTES = 2 << 20;

    private final Map<JobId, Response.Complete> responses = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** What was answered; null where that is not known. A body is read once, so each caller gets one of its own. */
    synchronized Response.Complete find(JobId id) {
        Response.Complete known = responses.get(id);
        return known == null ? null : copy(known);
    }

    private static Response.Complete copy(Response.Complete answer) {
        ResponseBody.Bytes body = (ResponseBody.Bytes) answer.body();
        return new Response.Complete(
                answer.status(),
                answer.headers(),
                new ResponseBody.Bytes(body.buffer().duplicate()));
    }

    /** Keeps an answer, whose body is in memory, as it is before it is sent. */
    synchronized void put(JobId id, Response.Complete answer) {
        Response.Complete before = responses.put(id, copy(answer));
        bytes += answer.body().size() - (before == null ? 0 : before.body().size());
        var eldest = responses.values().iterator();
        while (bytes > MAX_BYTES) {
            bytes -= eldest.next().body().size();
            eldest.remove();
        }
    }
}
