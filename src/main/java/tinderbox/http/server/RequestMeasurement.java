package tinderbox.http.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import tinderbox.http.message.ClientConnection;
import tinderbox.metrics.HttpMetrics;

/** Measures one request for the metrics, under the template of its route, because a path may have an id in it. */
final class RequestMeasurement {
    private static final AttachmentKey<RequestMeasurement> KEY = AttachmentKey.create(RequestMeasurement.class);
    /** The route and the method of requests that have none which the server knows. */
    private static final String NONE = "none";

    private static final String CLOSED = "closed";

    private final HttpMetrics metrics;
    private final long startedNanos = System.nanoTime();
    private String route = NONE;
    private String method = NONE;
    private boolean timed = true;
    private boolean isStream;

    private RequestMeasurement(HttpMetrics metrics) {
        this.metrics = metrics;
    }

    /** Measures a request from now until it is complete. */
    static void begin(HttpServerExchange exchange, HttpMetrics metrics) {
        RequestMeasurement measurement = new RequestMeasurement(metrics);
        exchange.putAttachment(KEY, measurement);
        exchange.addExchangeCompleteListener((ended, next) -> {
            measurement.ended(ended);
            next.proceed();
        });
    }

    static RequestMeasurement of(HttpServerExchange exchange) {
        return exchange.getAttachment(KEY);
    }

    /** Counts a request that Undertow has refused because it could not be parsed. */
    static void countMalformed(HttpMetrics metrics) {
        metrics.ended(NONE, NONE, "400");
    }

    /** The route is known, and with it the method. */
    void found(HttpServerExchange exchange, Route found) {
        route = found.name();
        method = exchange.getRequestMethod().toString();
        isStream = found.kind() == Route.Kind.EVENT_STREAM;
        timed = !isStream && found.kind() != Route.Kind.UPLOAD;
    }

    /** The client has asked to wait, so how long the response takes says nothing about the server. */
    void waits() {
        timed = false;
    }

    /** The response begins. */
    void responds() {
        if (timed) {
            metrics.responded(route, method, System.nanoTime() - startedNanos);
        }
    }

    private void ended(HttpServerExchange exchange) {
        // A stream ends when its client leaves.
        boolean isClosed = ClientConnection.isDisconnected(exchange) && !(isStream && exchange.isResponseStarted());
        metrics.ended(route, method, isClosed ? CLOSED : Integer.toString(exchange.getStatusCode()));
    }
}
