package tinderbox.http.message;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import org.xnio.IoUtils;

/** The connection of a client that waits for a response. */
@FunctionalInterface
public interface ClientConnection {
    /** Is there if the connection was closed by {@link #disconnect}. */
    AttachmentKey<Boolean> DISCONNECTED = AttachmentKey.create(Boolean.class);

    /**
     * Runs {@code onGone} if the client disconnects while its response is prepared.
     *
     * @return ends the watch; run it before the response is sent
     */
    Runnable watch(Runnable onGone);

    /** Closes the connection of a request that gets no response, or no more of it. */
    static void disconnect(HttpServerExchange exchange) {
        exchange.putAttachment(DISCONNECTED, true);
        IoUtils.safeClose(exchange.getConnection());
        exchange.endExchange();
    }

    /** Whether the connection was closed before the response was complete. */
    static boolean isDisconnected(HttpServerExchange exchange) {
        return exchange.getAttachment(DISCONNECTED) != null;
    }
}
