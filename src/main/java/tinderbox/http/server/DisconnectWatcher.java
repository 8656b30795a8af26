package tinderbox.http.server;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSourceConduit;
import tinderbox.http.message.ClientConnection;

/**
 * Notices that the client closes its connection while it waits for an answer. Undertow does not read meanwhile, so it
 * would notice at the next write at the earliest. Watch only a request that has been read to its end, and end the watch
 * before the answer is sent.
 */
public final class DisconnectWatcher {
    private final HttpServerExchange exchange;
    private final HttpServerConnection connection;
    private final Runnable onDisconnect;
    private final Runnable onData;
    private boolean watching;
    private boolean ended;

    private DisconnectWatcher(HttpServerExchange exchange, Runnable onGone, Runnable onSent) {
        this.exchange = exchange;
        this.connection = (HttpServerConnection) exchange.getConnection();
        this.onDisconnect = onGone;
        this.onData = onSent;
    }

    /**
     * Begins to watch in a moment; both listeners are called on the connection's I/O thread.
     *
     * @param onGone called once when the client has closed the connection; it is then closed on this side too
     * @param onSent called once when the client has sent more, which is kept for the next request, and the watch has
     *     ended; null to drop what it sends and go on
     */
    public static DisconnectWatcher watch(HttpServerExchange exchange, Runnable onGone, Runnable onSent) {
        DisconnectWatcher watch = new DisconnectWatcher(exchange, onGone, onSent);
        if (exchange.isRequestComplete()) {
            // In the I/O thread: Undertow's own listener may still be about to suspend reads there.
            exchange.getIoThread().execute(watch::start);
        }
        return watch;
    }

    private void start() {
        if (onData != null && connection.getExtraBytes() != null) {
            // It has sent the next request along with this one.
            end();
            onData.run();
        } else {
            listen();
        }
    }

    private synchronized void listen() {
        if (ended) {
            return;
        }
        watching = true;
        channel().setReadListener(same -> readable());
        source().resumeReads();
    }

    private ConduitStreamSourceChannel channel() {
        return connection.getChannel().getSourceChannel();
    }

    /** Below whatever reads the body of a request: that has come to its end. */
    private StreamSourceConduit source() {
        return connection.getOriginalSourceConduit();
    }

    private void readable() {
        int count;
        synchronized (this) {
            if (ended) {
                return;
            }
            count = read();
            if (count < 0 || (count > 0 && onData != null)) {
                stop();
            }
        }
        if (count < 0) {
            ClientConnection.disconnect(exchange);
            onDisconnect.run();
        } else if (count > 0 && onData != null) {
            onData.run();
        }
    }

    /** Negative at the end. */
    private int read() {
        PooledByteBuffer pooled = connection.getByteBufferPool().allocate();
        boolean kept = false;
        try {
            ByteBuffer buffer = pooled.getBuffer();
            int count = source().read(buffer);
            if (count > 0 && onData != null) {
                buffer.flip();
                connection.ungetRequestBytes(pooled);
                kept = true;
            }
            return count;
        } catch (IOException e) {
            return -1;
        } finally {
            if (!kept) {
                pooled.close();
            }
        }
    }

    /** Ends the watch; nothing is heard once this returns, and the connection is as it was before. */
    synchronized void end() {
        if (!ended) {
            stop();
        }
    }

    private void stop() {
        ended = true;
        if (watching) {
            source().suspendReads();
            channel().setReadListener(null);
        }
    }
}
