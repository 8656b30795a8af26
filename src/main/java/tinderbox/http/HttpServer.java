package tinderbox.http;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
import tinderbox.security.audit.AuditLog;
import tinderbox.security.auth.Authenticator;

/**
 * The HTTP server: listens from construction to {@link #close}. Until it is opened it has the page, tells who is who,
 * ends event streams as soon as they begin, and answers all else by saying that the server is starting.
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
    private final AuditLog audit;
    private final CompletableFuture<StaticFiles> page;
    private final RootHandler root;
    private final Listener listener;
    private EventHub events;
    private boolean closed;

    /**
     * Starts to listen.
     *
     * @param authenticator who may do what
     * @param audit where it is written down who did what
     * @param page the files that browsers are sent; a request for one waits for them
     * @throws java.net.BindException where the port is taken, or the address is not one of this machine
     * @throws IOException where it cannot listen for another reason
     */
    public HttpServer(
            HttpSettings settings, Authenticator authenticator, AuditLog audit, CompletableFuture<StaticFiles> page)
            throws IOException {
        this.settings = settings;
        this.authenticator = authenticator;
        this.audit = audit;
        this.page = page;
        this.longPolls = new LongPolls(MAX_LONG_POLLS, settings.maxShare());
        this.streams =
                new Slots(ErrorCode.TOO_MANY_STREAMS, "event streams", EventHub.MAX_STREAMS, settings.maxShare());
        this.root = new RootHandler(
                new OriginFilter(settings),
                new AuthenticationFilter(authenticator, settings.cookie()),
                Router.starting(Routes.starting(authenticator, settings.cookie()), page),
                new AuditRecorder(audit),
                inFlightRequests);
        this.listener = new Listener(settings, root);
        LOG.info("Listening on {} port {}", settings.host(), port());
    }

    /**
     * Takes requests of every kind from now on; once.
     *
     * @throws java.util.concurrent.CompletionException where the files of the page could not be read
     */
    public synchronized void open(Services services) {
        events = new EventHub(services.jobs());
        Router router = new Router(
                Routes.of(
                        services, authenticator, audit, longPolls, new LongReads(), events, streams, settings.cookie()),
                page.join());
        // Before the first who would follow it.
        events.start();
        root.route(router);
    }

    /** The port that it listens on. */
    public int port() {
        return listener.port();
    }

    /** Refuses what comes from now on, ends the waits and the event streams, and gives the requests under way a few seconds to be answered. */
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
