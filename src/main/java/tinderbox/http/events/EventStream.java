package tinderbox.http.events;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;
import tinderbox.http.message.ClientConnection;
import tinderbox.http.message.Response;
import tinderbox.http.server.DisconnectWatcher;
import tinderbox.job.Slots;

/**
 * One client's event stream. Whoever has an event leaves it here and goes on; the connection's I/O thread writes when
 * the client takes it. What waits is bounded: a client that does not read is cut off, and no other notices.
 */
public final class EventStream implements Response.OpenStream {
    private static final int MAX_WAITING_EVENTS = 64;
    private static final int MAX_WAITING_BYTES = 1 << 20;
    private static final HttpString ACCEL_BUFFERING = new HttpString("X-Accel-Buffering");

    private final HttpServerExchange exchange;
    /** What the stream begins with; bounded by whoever opens it, for it is there at once. */
    private final Deque<ByteBuffer> opening = new ArrayDeque<>();

    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
    private Runnable onClosed = () -> {};
    private Slots.Slot slot;
    private BooleanSupplier allowed = () -> true;
    private int waitingBytes;
    private boolean started;
    /** Whether the I/O thread is writing, or has been asked to. */
    private boolean writing;
    /** Whether it ends once all has been written. */
    private boolean ending;

    private boolean closed;
    /** Those of the I/O thread alone. */
    private StreamSinkChannel sink;

    private ByteBuffer part;

    private EventStream(HttpServerExchange exchange) {
        this.exchange = exchange;
        opening.add(EventJson.PREAMBLE);
    }

    /**
     * The response that is an event stream.
     *
     * @param opening makes the stream follow its topic; throws what the error mapper turns into a response
     */
    public static Response response(Consumer<EventStream> opening) {
        return new Response.Stream(headers(), exchange -> {
            EventStream stream = new EventStream(exchange);
            try {
                opening.accept(stream);
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
                // nginx and those who follow it pass on what comes as it comes.
                .with(ACCEL_BUFFERING, "no");
    }

    /** Hears once when nothing more can be sent; set before {@link #start}. */
    synchronized void onClosed(Runnable told) {
        onClosed = told;
    }

    /** Gives it the slot that it holds until it is closed; before {@link #start}. */
    public synchronized void hold(Slots.Slot taken) {
        slot = taken;
    }

    /** Has it end at the next event, a ping at the latest, when its client may listen no longer. */
    public synchronized void endUnless(BooleanSupplier holds) {
        allowed = holds;
    }

    /** Leaves what the stream begins with; before any {@link #offer}. */
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

    /** Leaves an event to be written. False where the client is gone, or so far behind that it is cut off now. */
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

    /** Ends the stream in good order, at once: a client that does not take what is left is cut off. */
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

    /** Whether there is something to write, in {@link #part}. */
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
        synchronized (this) {
            if (ending) {
                throw new IOException("the client does not take the end");
            }
        }
        sink.getWriteSetter().set(channel -> write());
        sink.resumeWrites();
    }

    /** All is written: waits for more, or ends. */
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
        exchange.endExchange();
        close();
    }

    @Override
    public void abandon() {
        close();
    }

    private void close() {
        Runnable told;
        synchronized (this) {
            closed = true;
            told = onClosed;
            onClosed = () -> {};
            if (slot != null) {
                slot.close();
                slot = null;
            }
        }
        told.run();
    }
}
