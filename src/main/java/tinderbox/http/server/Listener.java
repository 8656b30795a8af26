package tinderbox.http.server;

import io.undertow.UndertowOptions;
import io.undertow.conduits.BytesReceivedStreamSourceConduit;
import io.undertow.conduits.BytesSentStreamSinkConduit;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Sequence;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;
import tinderbox.dataset.UploadLimits;
import tinderbox.http.access.AccessRecorder;
import tinderbox.metrics.HttpMetrics;

/**
 * The socket that Undertow serves, with its threads. Undertow's own builder cannot install a {@link RejectionConduit} on
 * a connection.
 */
public final class Listener implements AutoCloseable {
    /** Long reads and uploads get additional workers, so that they cannot occupy all of them. */
    public static final int WORKERS = 16 + LongReads.MAX_WORKERS + UploadLimits.AT_ONCE;

    private static final int BUFFER_BYTES = 16 << 10;
    private static final int BACKLOG = 1000;
    private static final int STOP_WITHIN_SECONDS = 5;

    /** Options and limits of HTTP. A request beyond them never reaches a handler. */
    private static final OptionMap HTTP = OptionMap.builder()
            // Undertow would close the connection. RequestBody limits the size of a body, and RootHandler its time.
            .set(UndertowOptions.MAX_ENTITY_SIZE, -1L)
            .set(UndertowOptions.MAX_HEADER_SIZE, 16 << 10)
            .set(UndertowOptions.MAX_HEADERS, 64)
            .set(UndertowOptions.MAX_PARAMETERS, 64)
            .set(UndertowOptions.MAX_COOKIES, 16)
            .set(UndertowOptions.REQUEST_PARSE_TIMEOUT, 5_000)
            .set(UndertowOptions.NO_REQUEST_TIMEOUT, 15_000)
            .set(UndertowOptions.DECODE_URL, false)
            // curl sends what is typed; PercentCodec reads it as UTF-8.
            .set(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
            .set(UndertowOptions.ENABLE_HTTP2, false)
            // A response is written at once, not buffered until the next one.
            .set(UndertowOptions.BUFFER_PIPELINED_DATA, false)
            // HTTP/1.1 keeps connections alive anyway, and the first view of the page has thirty responses.
            .set(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
            .getMap();

    private final XnioWorker worker;
    private final ConnectionLimiter connections;
    private final LongAdder receivedBytes = new LongAdder();
    private final LongAdder sentBytes = new LongAdder();
    private final AcceptingChannel<? extends StreamConnection> socket;

    /**
     * Starts listening.
     *
     * @throws java.net.BindException if the port is taken or the address is not local
     * @throws IOException if listening fails for another reason
     */
    public Listener(HttpSettings settings, HttpHandler handler, AccessRecorder accessRecorder, HttpMetrics metrics)
            throws IOException {
        var http = new HttpOpenListener(new DefaultByteBufferPool(true, BUFFER_BYTES, -1, 4), HTTP);
        http.setRootHandler(handler);
        connections = new ConnectionLimiter(
                settings,
                connection -> {
                    count(connection);
                    InetAddress from =
                            connection.getPeerAddress(InetSocketAddress.class).getAddress();
                    RejectionConduit.install(connection, id -> {
                        accessRecorder.unreadable(id, from);
                        RequestMeasurement.countMalformed(metrics);
                    });
                    http.handleEvent(connection);
                },
                metrics);
        Xnio xnio = Xnio.getInstance(Listener.class.getClassLoader());
        worker = xnio.createWorker(OptionMap.builder()
                .set(Options.WORKER_NAME, "tinderbox-http")
                .set(Options.WORKER_IO_THREADS, Math.max(2, Runtime.getRuntime().availableProcessors()))
                .set(Options.WORKER_TASK_CORE_THREADS, WORKERS)
                .set(Options.WORKER_TASK_MAX_THREADS, WORKERS)
                .getMap());
        try {
            socket = listen(xnio, settings);
            socket.resumeAccepts();
        } catch (IOException | RuntimeException e) {
            worker.shutdownNow();
            throw e;
        }
    }

    /** Counts the bytes of a connection. */
    private void count(StreamConnection connection) {
        var source = connection.getSourceChannel();
        source.setConduit(new BytesReceivedStreamSourceConduit(source.getConduit(), receivedBytes::add));
        var sink = connection.getSinkChannel();
        sink.setConduit(new BytesSentStreamSinkConduit(sink.getConduit(), sentBytes::add));
    }

    private AcceptingChannel<? extends StreamConnection> listen(Xnio xnio, HttpSettings settings) throws IOException {
        var address = new InetSocketAddress(settings.host(), settings.port());
        OptionMap.Builder options = OptionMap.builder()
                .set(Options.WORKER_IO_THREADS, worker.getIoThreadCount())
                .set(Options.TCP_NODELAY, true)
                .set(Options.REUSE_ADDRESSES, true)
                .set(Options.BACKLOG, BACKLOG)
                // A burst of connections is accepted before ConnectionLimiter can close them.
                .set(Options.CONNECTION_HIGH_WATER, settings.maxConnections() * 5 / 4)
                .set(Options.CONNECTION_LOW_WATER, settings.maxConnections() * 9 / 8);
        if (settings.tls() == null) {
            return worker.createStreamConnectionServer(
                    address, ChannelListeners.openListenerAdapter(connections), options.getMap());
        }
        options.set(Options.SSL_ENABLED_PROTOCOLS, Sequence.of("TLSv1.3", "TLSv1.2"));
        return new UndertowXnioSsl(xnio, OptionMap.create(Options.USE_DIRECT_BUFFERS, true), settings.tls())
                .createSslConnectionServer(
                        worker, address, ChannelListeners.openListenerAdapter(connections), options.getMap());
    }

    /** How many connections are open. */
    public int connections() {
        return connections.open();
    }

    /** How many bytes clients have sent, without what TLS adds. */
    public long receivedBytes() {
        return receivedBytes.sum();
    }

    /** How many bytes clients were sent, without what TLS adds. */
    public long sentBytes() {
        return sentBytes.sum();
    }

    public int port() {
        return socket.getLocalAddress(InetSocketAddress.class).getPort();
    }

    /** Stops listening, and gives the threads a few seconds to finish. */
    @Override
    public void close() {
        IoUtils.safeClose(socket);
        worker.shutdown();
        try {
            if (!worker.awaitTermination(STOP_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                worker.shutdownNow();
            }
        } catch (InterruptedException e) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
