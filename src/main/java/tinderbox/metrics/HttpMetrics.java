package tinderbox.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Counts HTTP requests. Routes are templates such as {@code /api/v1/jobs/{id}}, so that there are few. */
public final class HttpMetrics {
    private final Counter requests;
    private final Histogram seconds;
    private final Counter refusedConnections;

    HttpMetrics(PrometheusRegistry registry) {
        requests = Counter.builder()
                .name("tinderbox_http_requests_total")
                .help(
                        "Requests whose response is complete. The status is \"closed\" if the connection was closed before.")
                .labelNames("route", "method", "status")
                .register(registry);
        seconds = Metrics.shortSeconds()
                .name("tinderbox_http_request_seconds")
                .help(
                        "Time from the head of a request to the start of its response, except for uploads, event streams and"
                                + " requests that wait for a job.")
                .labelNames("route", "method")
                .register(registry);
        refusedConnections = Counter.builder()
                .name("tinderbox_http_refused_connections_total")
                .help("Connections that were closed at once, because there were too many.")
                .register(registry);
    }

    /** The response of a request is complete, or its connection is closed. */
    public void ended(String route, String method, String status) {
        // Otherwise Prometheus would not see the first of these as an increase, and an alert would miss it.
        requests.initLabelValues(route, method, "500");
        requests.labelValues(route, method, status).inc();
    }

    /** The response of a request has begun. */
    public void responded(String route, String method, long nanos) {
        seconds.labelValues(route, method).observe(Metrics.seconds(nanos));
    }

    /** A connection was closed because there were too many. */
    public void connectionRefused() {
        refusedConnections.inc();
    }
}
