package tinderbox.http.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseBody;
import tinderbox.job.Job;
import tinderbox.job.JobEdits;
import tinderbox.job.JobId;

/**
 * The most recently requested responses about ended jobs. Nothing in them changes any more but what users edit, and
 * creating one reads several files. The store's cache of ended jobs is no substitute, nor the other way round: that one spares the database
 * query that tells whether the job still exists, this one the files. The calling code checks that it exists.
 */
final class EndedJobResponses {
    private static final long MAX_BYTES = 2 << 20;

    private final Map<JobId, Known> responses = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** A response about a job with these edits, or null. */
    private record Known(JobEdits edits, Response.Complete response) {
        long size() {
            return response.body().size();
        }
    }

    /** The response about a job, or null. A body is read only once, so each client gets a copy. */
    synchronized Response.Complete find(Job ended) {
        Known known = responses.get(ended.id());
        return known == null || !Objects.equals(known.edits, ended.edits()) ? null : copy(known.response);
    }

    private static Response.Complete copy(Response.Complete response) {
        ResponseBody.Bytes body = (ResponseBody.Bytes) response.body();
        return new Response.Complete(
                response.status(),
                response.headers(),
                new ResponseBody.Bytes(body.buffer().duplicate()));
    }

    /** Caches a response that has not been sent yet; its body must be in memory. */
    synchronized void put(Job ended, Response.Complete response) {
        Known known = new Known(ended.edits(), copy(response));
        Known before = responses.put(ended.id(), known);
        bytes += known.size() - (before == null ? 0 : before.size());
        var eldest = responses.values().iterator();
        while (bytes > MAX_BYTES) {
            bytes -= eldest.next().size();
            eldest.remove();
        }
    }
}
