package tinderbox.http;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.http.access.AccessLog;
import tinderbox.http.access.AccessRecorder;
import tinderbox.http.api.Routes;
import tinderbox.http.api.Services;
import tinderbox.http.events.EventHub;
import tinderbox.http.server.AuditRecorder;
import tinderbox.http.server.AuthenticationFilter;
import tinderbox.http.server.HttpSettings;
import tinderbox.http.server.InFlightRequests;
import tinderbox.http.server.Listener;
import tinderbox.http.server.LongPolls;
import tinderbox.http.server.LongReads;
import tinderbox.http.server.OriginFilter;
import tinderbox.http.server.RootHandler;
import tinderbox.http.server.Router;
import tinderbox.http.server.StaticFiles;
import tinderbox.job.ErrorCode;
import tinderbox.job.Slots;
import tinderbox.metrics.Metrics;
import tinderbox.security.audit.AuditLog;
import tinderbox.security.auth.Authenticator;

/**
 * The HTTP server: listens from construction to {@link #close}. Until it is opened it serves the page and sessions, ends
 * event streams at once, and responds to everything else that the server is starting.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int MAX_LONG_POLLS = 4096;
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(3);

    private final LongPolls longPolls;
    private final Slots streams;
    private final InFlightRequests inFlightRequests = new InFlightRequests();
    private final HttpSettings settings;
    private final Authenticator authenticator;
    private final Metrics metrics;
    private final AuditLog audit;
    private final CompletableFuture<StaticFiles> page;
    private final RootHandler root;
    private final Listener listener;
    private EventHub events;
    private boolean closed;

    /**
     * Starts listening.
     *
     * @param authenticator authenticates principals
     * @param audit the audit log
     * @param access the access log
     * @param page the files of the page; requests for them wait until they are loaded
     * @param metrics counts requests, and is shown at {@code /metrics}
     * @throws java.net.BindException if the port is taken or the address is not local
     * @throws IOException if listening fails for another reason
     */
    public HttpServer(
            HttpSettings settings,
            Authenticator authenticator,
            AuditLog audit,
            AccessLog access,
            CompletableFuture<StaticFiles> page,
            Metrics metrics)
            throws IOException {
        this.settings = settings;
        this.authenticator = authenticator;
        this.audit = audit;
        this.page = page;
        this.metrics = metrics;
        this.longPolls = new LongPolls(MAX_LONG_POLLS, settings.maxShare());
        this.streams =
                new Slots(ErrorCode.TOO_MANY_STREAMS, "event streams", EventHub.MAX_STREAMS, settings.maxShare());
        AccessRecorder accessRecorder = new AccessRecorder(access);
        this.root = new RootHandler(
                new OriginFilter(settings),
                new AuthenticationFilter(authenticator, settings.cookie()),
                Router.starting(Routes.starting(authenticator, metrics, settings.cookie()), page),
                new AuditRecorder(audit),
                accessRecorder,
                inFlightRequests,
                metrics.http());
        this.listener = new Listener(settings, root, accessRecorder, metrics.http());
        measure();
        LOG.info("Listening on {} port {}", settings.host(), port());
    }

    private void measure() {
        metrics.gauge(
                "tinderbox_http_requests_in_flight",
                "Requests whose response is not complete, with event streams.",
                inFlightRequests::count);
        metrics.gauge("tinderbox_http_connections", "Open connections.", listener::connections);
        metrics.counter(
                "tinderbox_http_received_bytes_total",
                "Bytes that clients have sent, without what TLS adds.",
                listener::receivedBytes);
        metrics.counter(
                "tinderbox_http_sent_bytes_total",
                "Bytes that clients were sent, without what TLS adds.",
                listener::sentBytes);
    }

    /**
     * Accepts requests of every kind from now on. Call it once.
     *
     * @throws java.util.concurrent.CompletionException if the files of the page could not be read
     */
    public synchronized void open(Services services) {
        events = new EventHub(services.jobs());
        Router router = new Router(
                Routes.of(
                        services,
                        authenticator,
                        audit,
                        metrics,
                        longPolls,
                        new LongReads(),
                        events,
                        streams,
                        settings.cookie()),
                page.join());
        metrics.gauge("tinderbox_event_streams", "Open event streams.", events::streams);
        metrics.counter(
                "tinderbox_event_streams_dropped_total",
                "Event streams that were cut off because their clients did not read.",
                events::cutOff);
        // Before the first stream can subscribe.
        events.start();
        root.setRouter(router);
    }

    public int port() {
        return listener.port();
    }

    /** Refuses new requests, ends long polls and event streams, and gives requests in flight a few seconds to complete. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        inFlightRequests.refuseNew();
        longPolls.close();
        if (events != null) {
            events.close();
        }
        try {
            inFlightRequests.awaitNone(DRAIN_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.close();
    }
}
