package tinderbox.http.server;

import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import tinderbox.http.message.ClientConnection;
import tinderbox.http.message.ResponseBody;

/**
 * Writes a body part by part. A worker thread is held only while a part is read, not while it is sent. A client that
 * accepts nothing for {@value #STALL_TIMEOUT_SECONDS} s is disconnected.
 */
final class ResponseWriter implements IoCallback {
    private static final Logger LOG = LoggerFactory.getLogger(ResponseWriter.class);
    private static final long STALL_TIMEOUT_SECONDS = 30;

    private final HttpServerExchange exchange;
    private final ResponseBody body;
    private long remaining;
    private volatile PendingWrite pendingWrite;

    ResponseWriter(HttpServerExchange exchange, ResponseBody body) {
        this.exchange = exchange;
        this.body = body;
        this.remaining = body.size();
    }

    /** Writes the next part, or completes the exchange after the last. */
    void writeNext() {
        try {
            ByteBuffer part = body.next();
            if (part.hasRemaining()) {
                remaining -= part.remaining();
                PendingWrite now = new PendingWrite();
                pendingWrite = now;
                exchange.getResponseSender().send(part, this);
                now.watch();
            } else {
                end();
            }
        } catch (IOException | RuntimeException e) {
            Responder.withRequestId(exchange, () -> LOG.error("The response broke off", e));
            abort();
        }
    }

    private void end() throws IOException {
        body.close();
        exchange.endExchange();
    }

    /** A part that is being written. */
    private final class PendingWrite {
        private XnioExecutor.Key deadline;
        private boolean over;

        /** Most parts are written at once and need no timer. */
        synchronized void watch() {
            if (!over) {
                deadline = exchange.getIoThread()
                        .executeAfter(ResponseWriter.this::abort, STALL_TIMEOUT_SECONDS, TimeUnit.SECONDS);
            }
        }

        synchronized void end() {
            over = true;
            if (deadline != null) {
                deadline.remove();
            }
        }
    }

    @Override
    public void onComplete(HttpServerExchange same, Sender sender) {
        pendingWrite.end();
        try {
            // The rest of a request is left to a worker, because reading it takes a while. So is closing the
            // connection: if bytes arrived afterwards, the client's system would drop the response. Only a response
            // that an I/O thread began is always completed there.
            if (remaining == 0
                    && exchange.isRequestComplete()
                    && (exchange.isPersistent() || !exchange.isDispatched())) {
                end();
                return;
            }
            exchange.dispatch(again -> writeNext());
        } catch (RejectedExecutionException | IOException e) {
            abort();
        }
    }

    @Override
    public void onException(HttpServerExchange same, Sender sender, IOException e) {
        pendingWrite.end();
        LOG.debug("The client disconnected", e);
        abort();
    }

    /** Closes the connection, so that the client does not take the partial body for the whole. */
    private void abort() {
        IoUtils.safeClose(body);
        ClientConnection.disconnect(exchange);
    }
}
