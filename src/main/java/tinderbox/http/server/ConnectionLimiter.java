package tinderbox.http.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.Slots;
import tinderbox.metrics.HttpMetrics;

/** Limits the open connections, in total and per network, because jobs need file descriptors too. */
final class ConnectionLimiter implements ChannelListener<StreamConnection> {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimiter.class);
    private static final long WARN_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private final Slots slots;
    private final ChannelListener<StreamConnection> next;
    private final HttpMetrics metrics;
    private long warnedNanos = System.nanoTime() - WARN_EVERY_NANOS;

    /** Passes connections to {@code next} up to the limits, and closes the others. */
    ConnectionLimiter(HttpSettings settings, ChannelListener<StreamConnection> next, HttpMetrics metrics) {
        this.slots =
                new Slots(ErrorCode.SERVER_BUSY, "connections", settings.maxConnections(), 2 * settings.maxShare());
        this.next = next;
        this.metrics = metrics;
    }

    /** How many connections are open. */
    int open() {
        return slots.used();
    }

    @Override
    public void handleEvent(StreamConnection connection) {
        InetAddress from = connection.getPeerAddress(InetSocketAddress.class).getAddress();
        Slots.Slot slot;
        try {
            slot = slots.take(AuthenticationFilter.addressOrNetwork(from));
        } catch (JobException e) {
            IoUtils.safeClose(connection);
            metrics.connectionRefused();
            warn(from, e);
            return;
        }
        next.handleEvent(connection);
        // Undertow has set its own listener by now.
        ChannelListener<? super StreamConnection> theirs = connection.getCloseListener();
        connection.setCloseListener(closed -> {
            slot.close();
            if (theirs != null) {
                theirs.handleEvent(connection);
            }
        });
        if (!connection.isOpen()) {
            slot.close();
        }
    }

    private synchronized void warn(InetAddress from, JobException refused) {
        if (System.nanoTime() - warnedNanos >= WARN_EVERY_NANOS) {
            warnedNanos = System.nanoTime();
            LOG.warn("Connections are closed, such as one from {}: {}", from.getHostAddress(), refused.getMessage());
        }
    }
}
