package tinderbox.http;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.dataset.UploadLimits;
import tinderbox.job.ErrorCode;
import tinderbox.job.Slots;
import tinderbox.security.AuditLog;
import tinderbox.security.Door;

/**
 * The HTTP server: listens from construction to {@link #close}. Until it is opened it has the page, tells who is who,
 * ends event streams as soon as they begin, and answers all else by saying that the server is starting.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    /** What may hold a worker for long has workers of its own beside those for all else. */
    static final int WORKERS = 16 + Scans.MOST + UploadLimits.AT_ONCE;

    private static final int MOST_WAITS = 4096;
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);

    private final Waits waits;
    private final Slots streams;
    private final UnderWay underWay = new UnderWay();
    private final HttpSettings settings;
    private final Door door;
    private final AuditLog audit;
    private final CompletableFuture<StaticFiles> page;
    private final RootHandler root;
    private final Listener listener;
    private EventHub events;
    private boolean closed;

    /**
     * Starts to listen.
     *
     * @param door who may do what
     * @param audit where it is written down who did what
     * @param page the files that browsers are sent; a request for one waits for them
     * @throws java.net.BindException where the port is taken, or the address is not one of this machine
     * @throws IOException where it cannot listen for another reason
     */
    public HttpServer(HttpSettings settings, Door door, AuditLog audit, CompletableFuture<StaticFiles> page)
            throws IOException {
        this.settings = settings;
        this.door = door;
        this.audit = audit;
        this.page = page;
        this.waits = new Waits(MOST_WAITS, settings.maxShare());
        this.streams =
                new Slots(ErrorCode.TOO_MANY_STREAMS, "event streams", EventHub.MOST_STREAMS, settings.maxShare());
        this.root = new RootHandler(
                new Gate(settings),
                new Guard(door, settings.cookie()),
                Router.starting(Routes.starting(door, settings.cookie()), page),
                new Auditor(audit),
                underWay);
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
                Routes.of(services, door, audit, waits, new Scans(), events, streams, settings.cookie()), page.join());
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
        underWay.admitNoMore();
        waits.close();
        if (events != null) {
            events.close();
        }
        try {
            underWay.awaitNone(ANSWER_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.close();
    }
}
