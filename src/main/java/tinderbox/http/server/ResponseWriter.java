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
 * Sends a body part by part. A worker thread is held only while a part is read, never while the caller takes it; a
 * caller that takes nothing for {@value #STALL_TIMEOUT_SECONDS} s is cut off.
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

    /** Sends the next part, or ends after the last. */
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
            LOG.error("An answer broke off", e);
            abort();
        }
    }

    private void end() throws IOException {
        body.close();
        exchange.endExchange();
    }

    /** A part on its way. */
    private final class PendingWrite {
        private XnioExecutor.Key deadline;
        private boolean over;

        /** Most parts are taken at once, and need no clock. */
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
            // What has not come in of a request is left to a worker: it takes a while. So is a connection that closes:
            // bytes that arrive after its end would have the caller's system throw the answer away.
            // Only a call that answers on the I/O thread ends there in any case.
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
        LOG.debug("The caller went away", e);
        abort();
    }

    /** Ends the connection, so that nobody takes what has been sent for all of it. */
    private void abort() {
        IoUtils.safeClose(body);
        ClientConnection.disconnect(exchange);
    }
}
