package tinderbox.http.api;

import io.undertow.util.Headers;
import java.util.Map;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseBody;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.metrics.Metrics;

/** The endpoint for Prometheus. */
final class MetricsHandler {
    private final Metrics metrics;

    MetricsHandler(Metrics metrics) {
        this.metrics = metrics;
    }

    /** The metrics count the jobs of all submitters, so only those who see all of them may see the metrics. */
    Response show(Request request) {
        if (!request.visibility().isAll()) {
            throw new JobException(
                    ErrorCode.FORBIDDEN,
                    "The metrics count the jobs of everybody, and your token does not show you all of them",
                    "use the token of an admin, or of a viewer without --sees");
        }
        return new Response.Complete(200, Map.of(), ResponseBody.of(metrics.text()))
                .with(Headers.CONTENT_TYPE, Metrics.CONTENT_TYPE);
    }
}
