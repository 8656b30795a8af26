package tinderbox.http.events;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSinkChannel;
import tinderbox.http.message.ClientConnection;
import tinderbox.http.message.Response;
import tinderbox.http.server.DisconnectWatcher;
import tinderbox.job.Slots;

/**
 * The event stream of one client. Publishers queue an event and continue; the I/O thread of the connection writes it
 * when the client accepts it. The queue is bounded: a client that does not read is cut off, and no other notices.
 */
public final class EventStream implements Response.OpenStream {
    private static final int MAX_WAITING_EVENTS = 64;
    private static final int MAX_WAITING_BYTES = 1 << 20;
    private static final long STALL_TIMEOUT_SECONDS = 30;
    private static final HttpString ACCEL_BUFFERING = new HttpString("X-Accel-Buffering");

    private final HttpServerExchange exchange;
    /** The first events of the stream; the topic bounds them. */
    private final Deque<ByteBuffer> opening = new ArrayDeque<>();

    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
    private Runnable onClosed = () -> {};
    private Slots.Slot slot;
    private BooleanSupplier allowed = () -> true;
    private int waitingBytes;
    private boolean started;
    /** True if the I/O thread is writing, or is about to. */
    private boolean writing;
    /** True if the stream ends once everything is written. */
    private boolean ending;
    /** True if the stream ends with the job that it follows. */
    private boolean untilEnd;

    private boolean closed;
    /** Used by the I/O thread alone, as is {@link #part}. */
    private StreamSinkChannel sink;

    private ByteBuffer part;
    /** Cuts off a client that does not take the end of its stream; null unless it has stopped reading. */
    private XnioExecutor.Key stalled;

    private EventStream(HttpServerExchange exchange) {
        this.exchange = exchange;
        opening.add(EventJson.PREAMBLE);
    }

    /**
     * A response that is an event stream.
     *
     * @param subscribe subscribes the stream to its topic; what it throws becomes the response
     */
    public static Response response(Consumer<EventStream> subscribe) {
        return new Response.Stream(headers(), exchange -> {
            EventStream stream = new EventStream(exchange);
            try {
                subscribe.accept(stream);
            } catch (RuntimeException | Error e) {
                stream.abandon();
                throw e;
            }
            return stream;
        });
    }

    private static Response.Complete headers() {
        return Response.empty(200)
                .with(Headers.CONTENT_TYPE, "text/event-stream")
                // nginx and similar proxies then pass events on without buffering.
                .with(ACCEL_BUFFERING, "no");
    }

    /** Sets a listener that runs once, when nothing more can be sent; call it before {@link #start}. */
    synchronized void onClosed(Runnable listener) {
        onClosed = listener;
    }

    /** Sets the slot that the stream releases when it is closed; call it before {@link #start}. */
    public synchronized void hold(Slots.Slot held) {
        slot = held;
    }

    /** Ends the stream at the next event, at the latest a ping, once its client may no longer receive events. */
    public synchronized void endUnless(BooleanSupplier holds) {
        allowed = holds;
    }

    /** Ends the stream after the last event of the job that it follows; call it before {@link #start}. */
    public synchronized void untilEnd() {
        untilEnd = true;
    }

    /**
     * Ends the stream after everything that waits if it is one {@link #untilEnd}. As long as the client takes something of
     * it every {@value #STALL_TIMEOUT_SECONDS} s, it gets all of it. Returns whether the stream ends.
     */
    synchronized boolean endIfUntilEnd() {
        if (untilEnd) {
            end(EventJson.CLOSING);
        }
        return untilEnd;
    }

    /** Adds one of the first events; call it before any {@link #offer}. */
    synchronized void addOpening(ByteBuffer event) {
        opening.add(event);
    }

    @Override
    public void start() {
        exchange.getConnection().addCloseListener(connection -> close());
        if (!exchange.getConnection().isOpen()) {
            close();
            return;
        }
        DisconnectWatcher.watch(exchange, this::close, null);
        sink = exchange.getResponseChannel();
        synchronized (this) {
            started = true;
            writing = true;
        }
        write();
    }

    /** Queues an event. Returns false if the client is gone, or is cut off now because it is too far behind. */
    synchronized boolean offer(ByteBuffer event) {
        if (closed) {
            return false;
        }
        if (!allowed.getAsBoolean()) {
            end(EventJson.CLOSING);
        }
        if (ending) {
            return true;
        }
        if (waiting.size() == MAX_WAITING_EVENTS || waitingBytes + event.remaining() > MAX_WAITING_BYTES) {
            closed = true;
            inIoThread(() -> IoUtils.safeClose(exchange.getConnection()));
            return false;
        }
        waiting.add(event);
        waitingBytes += event.remaining();
        wake();
        return true;
    }

    /** Ends the stream after {@code last}. A client that does not accept the remaining bytes at once is cut off. */
    public synchronized void end(ByteBuffer last) {
        if (!closed && !ending) {
            waiting.add(last);
            waitingBytes += last.remaining();
            ending = true;
            wake();
        }
    }

    private void wake() {
        if (started && !writing) {
            writing = true;
            inIoThread(this::write);
        } else if (started && ending) {
            inIoThread(this::write);
        }
    }

    private void inIoThread(Runnable task) {
        try {
            exchange.getIoThread().execute(task);
        } catch (RejectedExecutionException e) {
            // The server has stopped, and the connection with it.
            closed = true;
        }
    }

    private void write() {
        try {
            while (nextPart()) {
                if (sink.write(part) == 0) {
                    awaitWritable();
                    return;
                }
                endStall();
            }
            if (!sink.flush()) {
                awaitWritable();
                return;
            }
            finish();
        } catch (IOException | RuntimeException e) {
            // The client is gone.
            ClientConnection.disconnect(exchange);
            close();
        }
    }

    /** Sets {@link #part} to the next bytes; false if there are none. */
    private boolean nextPart() {
        if (part != null && part.hasRemaining()) {
            return true;
        }
        ByteBuffer next;
        synchronized (this) {
            next = opening.poll();
            if (next == null) {
                next = waiting.poll();
                waitingBytes -= next == null ? 0 : next.remaining();
            }
        }
        part = next == null ? null : next.duplicate();
        return part != null;
    }

    private void awaitWritable() throws IOException {
        boolean isEnding;
        synchronized (this) {
            if (ending && !untilEnd) {
                throw new IOException("the client does not accept the end");
            }
            isEnding = ending;
        }
        if (isEnding && stalled == null) {
            stalled = exchange.getIoThread()
                    .executeAfter(() -> ClientConnection.disconnect(exchange), STALL_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
        sink.getWriteSetter().set(channel -> write());
        sink.resumeWrites();
    }

    private void endStall() {
        if (stalled != null) {
            stalled.remove();
            stalled = null;
        }
    }

    /** Waits for more events after everything is written, or ends the stream. */
    private void finish() {
        sink.suspendWrites();
        synchronized (this) {
            if (!waiting.isEmpty()) {
                inIoThread(this::write);
                return;
            }
            writing = false;
            if (!ending) {
                return;
            }
        }
        endStall();
        exchange.endExchange();
        close();
    }

    @Override
    public void abandon() {
        close();
    }

    private void close() {
        Runnable listener;
        synchronized (this) {
            closed = true;
            listener = onClosed;
            onClosed = () -> {};
            if (slot != null) {
                slot.close();
                slot = null;
            }
        }
        listener.run();
    }
}
