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
 * Notices that a client disconnects while it waits for a response. Undertow does not read in the meantime, so it would
 * notice at the next write at the earliest. Watch only a request that has been read completely, and end the watch before
 * the response is sent.
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
     * Starts watching. Both listeners are called on the I/O thread of the connection.
     *
     * @param onGone called once when the client has closed the connection; it is then closed on this side too
     * @param onSent called once when the client has sent more bytes; they are left for the next request, and the watch has ended. Null to drop what it sends and continue
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
            // The client has pipelined the next request.
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

    /** Below the conduits that read the body, which is complete. */
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

    /** The number of bytes read, or a negative number at the end. */
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

    /** Ends the watch: no listener is called after this returns, and the connection is as before. */
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
