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
 * caller that takes nothing for {@value #STALLED_SECONDS} s is cut off.
 */
final class ResponseWriter implements IoCallback {
    private static final Logger LOG = LoggerFactory.getLogger(ResponseWriter.class);
    private static final long STALLED_SECONDS = 30;

    private final HttpServerExchange exchange;
    private final ResponseBody body;
    private long left;
    private volatile Sending sending;

    ResponseWriter(HttpServerExchange exchange, ResponseBody body) {
        this.exchange = exchange;
        this.body = body;
        this.left = body.size();
    }

    /** Sends the next part, or ends after the last. */
    void next() {
        try {
            ByteBuffer part = body.next();
            if (part.hasRemaining()) {
                left -= part.remaining();
                Sending now = new Sending();
                sending = now;
                exchange.getResponseSender().send(part, this);
                now.watch();
            } else {
                end();
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("An answer broke off", e);
            cutOff();
        }
    }

    private void end() throws IOException {
        body.close();
        exchange.endExchange();
    }

    /** A part on its way. */
    private final class Sending {
        private XnioExecutor.Key deadline;
        private boolean over;

        /** Most parts are taken at once, and need no clock. */
        synchronized void watch() {
            if (!over) {
                deadline = exchange.getIoThread()
                        .executeAfter(ResponseWriter.this::cutOff, STALLED_SECONDS, TimeUnit.SECONDS);
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
        sending.end();
        try {
            // What has not come in of a request is left to a worker: it takes a while. So is a connection that closes:
            // bytes that arrive after its end would have the caller's system throw the answer away.
            // Only a call that answers on the I/O thread ends there in any case.
            if (left == 0 && exchange.isRequestComplete() && (exchange.isPersistent() || !exchange.isDispatched())) {
                end();
                return;
            }
            exchange.dispatch(again -> next());
        } catch (RejectedExecutionException | IOException e) {
            cutOff();
        }
    }

    @Override
    public void onException(HttpServerExchange same, Sender sender, IOException e) {
        sending.end();
        LOG.debug("The caller went away", e);
        cutOff();
    }

    /** Ends the connection, so that nobody takes what has been sent for all of it. */
    private void cutOff() {
        IoUtils.safeClose(body);
        ClientConnection.breakOff(exchange);
    }
}
