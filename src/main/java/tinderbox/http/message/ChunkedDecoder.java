package tinderbox.http.message;

import io.undertow.conduits.ReadDataStreamSourceConduit;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.Headers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSourceConduit;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * Decodes a chunked body strictly. Undertow's own reader treats a malformed size as the end, and ignores what is in
 * place of the end of a chunk, so it would accept a damaged body as complete.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC 9112: Chunked Transfer Coding</a>
 */
public final class ChunkedDecoder extends AbstractStreamSourceConduit<StreamSourceConduit> {
    /** Larger than any file, and far from an overflow. */
    private static final long MAX_CHUNK_BYTES = 1L << 50;

    /** Bounds an extension, and all trailers together. */
    private static final int MAX_EXTRA_BYTES = 8 << 10;

    private enum Expects {
        SIZE,
        AFTER_SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER,
        IN_TRAILER,
        TRAILER_LF,
        LAST_LF,
        NOTHING
    }

    private final HttpServerExchange exchange;
    private final HttpServerConnection connection;
    private Expects expects = Expects.SIZE;
    private int digits;
    private long remaining;
    private int extraBytes;
    private boolean ended;

    private ChunkedDecoder(HttpServerExchange exchange, HttpServerConnection connection) {
        super(new ReadDataStreamSourceConduit(connection.getOriginalSourceConduit(), connection));
        this.exchange = exchange;
        this.connection = connection;
    }

    /** The body is not a chunked body. */
    static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1L;

        MalformedException() {
            super("the chunks of the body are malformed");
        }

        JobException toJobException() {
            return new JobException(
                    ErrorCode.MALFORMED_REQUEST,
                    "The body does not come in well-formed chunks",
                    "something on the way has damaged it; send it again",
                    this);
        }
    }

    /** Replaces Undertow's reader if the request has a chunked body. */
    public static void install(HttpServerExchange exchange) {
        if (!exchange.isRequestComplete() && exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING)) {
            var connection = (HttpServerConnection) exchange.getConnection();
            ConduitStreamSourceChannel channel = connection.getChannel().getSourceChannel();
            channel.setConduit(new ChunkedDecoder(exchange, connection));
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        if (ended || !into.hasRemaining()) {
            return ended ? -1 : 0;
        }
        try {
            return decoded(into);
        } catch (MalformedException e) {
            exchange.setPersistent(false);
            end();
            throw e;
        } catch (IOException | RuntimeException e) {
            IoUtils.safeClose(connection);
            throw e;
        }
    }

    /** Like {@link #read}, but returns 0 only if no more bytes have arrived. */
    private int decoded(ByteBuffer into) throws IOException {
        int before = into.position();
        while (expects != Expects.NOTHING && into.position() == before) {
            PooledByteBuffer raw = connection.getByteBufferPool().allocate();
            try {
                int count = next.read(raw.getBuffer());
                if (count < 0) {
                    throw new ClosedChannelException();
                }
                if (count == 0) {
                    return 0;
                }
                raw.getBuffer().flip();
                decode(raw.getBuffer(), into);
                if (raw.getBuffer().hasRemaining()) {
                    connection.ungetRequestBytes(raw);
                    raw = null;
                }
            } finally {
                if (raw != null) {
                    raw.close();
                }
            }
        }
        if (into.position() > before) {
            return into.position() - before;
        }
        end();
        return -1;
    }

    private void end() {
        ended = true;
        Connectors.terminateRequest(exchange);
    }

    private void decode(ByteBuffer raw, ByteBuffer into) throws MalformedException {
        while (raw.hasRemaining() && expects != Expects.NOTHING) {
            if (expects == Expects.DATA) {
                if (!into.hasRemaining()) {
                    return;
                }
                copy(raw, into);
            } else {
                expects = after(raw.get());
            }
        }
    }

    private void copy(ByteBuffer raw, ByteBuffer into) {
        int count = (int) Math.min(remaining, Math.min(raw.remaining(), into.remaining()));
        into.put(into.position(), raw, raw.position(), count);
        into.position(into.position() + count);
        raw.position(raw.position() + count);
        remaining -= count;
        if (remaining == 0) {
            expects = Expects.DATA_CR;
        }
    }

    private Expects after(byte b) throws MalformedException {
        return switch (expects) {
            case SIZE -> afterSize(b);
            case AFTER_SIZE -> afterSpace(b);
            case EXTENSION -> b == '\r' ? Expects.SIZE_LF : skip(b, Expects.EXTENSION);
            case SIZE_LF -> {
                require(b == '\n');
                digits = 0;
                yield remaining == 0 ? Expects.TRAILER : Expects.DATA;
            }
            case DATA_CR -> {
                require(b == '\r');
                yield Expects.DATA_LF;
            }
            case DATA_LF -> {
                require(b == '\n');
                extraBytes = 0;
                yield Expects.SIZE;
            }
            case TRAILER -> b == '\r' ? Expects.LAST_LF : skip(b, Expects.IN_TRAILER);
            case IN_TRAILER -> b == '\r' ? Expects.TRAILER_LF : skip(b, Expects.IN_TRAILER);
            case TRAILER_LF -> {
                require(b == '\n');
                yield Expects.TRAILER;
            }
            case LAST_LF -> {
                require(b == '\n');
                yield Expects.NOTHING;
            }
            case DATA, NOTHING -> throw new IllegalStateException(expects.name());
        };
    }

    private Expects afterSize(byte b) throws MalformedException {
        int digit = Character.digit((char) (b & 0xff), 16);
        if (digit >= 0) {
            remaining = remaining << 4 | digit;
            digits++;
            require(remaining <= MAX_CHUNK_BYTES && digits <= 16);
            return Expects.SIZE;
        }
        require(digits > 0);
        return afterSpace(b);
    }

    /** After a size and spaces: the end of the line or an extension. */
    private Expects afterSpace(byte b) throws MalformedException {
        if (b == ' ' || b == '\t') {
            return skip(b, Expects.AFTER_SIZE);
        }
        require(b == '\r' || b == ';');
        return b == '\r' ? Expects.SIZE_LF : Expects.EXTENSION;
    }

    /** Skips a byte; a bare line feed does not end a line and is refused inside one. */
    private Expects skip(byte b, Expects stays) throws MalformedException {
        extraBytes++;
        require(extraBytes <= MAX_EXTRA_BYTES && b != '\n' && b != 0);
        return stays;
    }

    private static void require(boolean holds) throws MalformedException {
        if (!holds) {
            throw new MalformedException();
        }
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (into[i].hasRemaining()) {
                return read(into[i]);
            }
        }
        return 0;
    }

    @Override
    public long transferTo(long position, long count, FileChannel target) throws IOException {
        return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
    }

    @Override
    public long transferTo(long count, ByteBuffer through, StreamSinkChannel target) throws IOException {
        return IoUtils.transfer(new ConduitReadableByteChannel(this), count, through, target);
    }

    @Override
    public void terminateReads() throws IOException {
        if (!ended) {
            exchange.setPersistent(false);
            super.terminateReads();
        }
    }
}
