package tinderbox.http.api;

import java.util.LinkedHashMap;
import java.util.Map;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseBody;
import tinderbox.job.JobId;

/**
 * The most recently requested responses about ended jobs. Nothing in them changes any more, and creating one reads
 * several files. The store's cache of ended jobs is no substitute, nor the other way round: that one spares the database
 * query that tells whether the job still exists, this one the files. The calling code checks that it exists.
 */
final class EndedJobResponses {
    private static final long MAX_BYTES = 2 << 20;

    private final Map<JobId, Response.Complete> responses = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** The response about a job, or null. A body is read only once, so each client gets a copy. */
    synchronized Response.Complete find(JobId id) {
        Response.Complete known = responses.get(id);
        return known == null ? null : copy(known);
    }

    private static Response.Complete copy(Response.Complete response) {
        ResponseBody.Bytes body = (ResponseBody.Bytes) response.body();
        return new Response.Complete(
                response.status(),
                response.headers(),
                new ResponseBody.Bytes(body.buffer().duplicate()));
    }

    /** Caches a response that has not been sent yet; its body must be in memory. */
    synchronized void put(JobId id, Response.Complete response) {
        Response.Complete before = responses.put(id, copy(response));
        bytes += response.body().size() - (before == null ? 0 : before.body().size());
        var eldest = responses.values().iterator();
        while (bytes > MAX_BYTES) {
            bytes -= eldest.next().body().size();
            eldest.remove();
        }
    }
}
