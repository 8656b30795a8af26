package tinderbox.http.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.xnio.StreamConnection;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.StreamSinkConduit;
import tinderbox.http.message.RequestId;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseHeaders;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * Writes a problem document in place of the bare 400 that Undertow writes, without calling our handler, if it cannot
 * parse a request. All that Undertow writes while our handler has no request is such a response.
 */
final class RejectionConduit extends AbstractStreamSinkConduit<StreamSinkConduit> {
    private static final byte[] STATUS_LINE_START = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);

    private final Consumer<String> onRejection;
    private volatile boolean handled;
    private ByteBuffer rejection;

    private RejectionConduit(StreamSinkConduit next, Consumer<String> onRejection) {
        super(next);
        this.onRejection = onRejection;
    }

    /**
     * Installs one below everything that Undertow writes to a new connection.
     *
     * @param onRejection gets the id of a request that cannot be parsed
     */
    static void install(StreamConnection connection, Consumer<String> onRejection) {
        connection
                .getSinkChannel()
                .setConduit(new RejectionConduit(connection.getSinkChannel().getConduit(), onRejection));
    }

    /** Marks that a request has reached our handler: until it is complete, all that is written is our response. */
    static void markHandled(HttpServerExchange exchange) {
        var connection = (HttpServerConnection) exchange.getConnection();
        var conduit = (RejectionConduit) connection.getOriginalSinkConduit();
        conduit.handled = true;
        exchange.addExchangeCompleteListener((ended, next) -> {
            conduit.handled = false;
            next.proceed();
        });
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        if (handled || (rejection == null && !startsResponse(bytes))) {
            return next.write(bytes);
        }
        if (rejection == null) {
            rejection = rejection();
        }
        while (rejection.hasRemaining()) {
            if (next.write(rejection) == 0) {
                return 0;
            }
        }
        int count = bytes.remaining();
        bytes.position(bytes.limit());
        return count;
    }

    @Override
    public long write(ByteBuffer[] bytes, int offset, int length) throws IOException {
        if (handled) {
            return next.write(bytes, offset, length);
        }
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += write(bytes[i]);
        }
        return total;
    }

    @Override
    public int writeFinal(ByteBuffer bytes) throws IOException {
        return handled ? next.writeFinal(bytes) : write(bytes);
    }

    @Override
    public long writeFinal(ByteBuffer[] bytes, int offset, int length) throws IOException {
        return handled ? next.writeFinal(bytes, offset, length) : write(bytes, offset, length);
    }

    private static boolean startsResponse(ByteBuffer bytes) {
        return bytes.remaining() > STATUS_LINE_START.length
                && bytes.slice(bytes.position(), STATUS_LINE_START.length).equals(ByteBuffer.wrap(STATUS_LINE_START));
    }

    private ByteBuffer rejection() throws IOException {
        String id = RequestId.random();
        onRejection.accept(id);
        Response.Complete response = ErrorMapper.response(
                new JobException(
                        ErrorCode.MALFORMED_REQUEST,
                        "The request cannot be read",
                        "its first line, its Host or another header is malformed (such as a percent sign without two"
                                + " hex digits after it, which is %25 itself), its length is given twice, or it has"
                                + " more than 16 KiB of head, 64 headers or 64 query parameters"),
                id);
        var headers = new HeaderMap();
        ResponseHeaders.putDefaults(headers, id);
        response.headers().forEach(headers::put);
        headers.put(Headers.CONNECTION, "close");
        headers.put(Headers.CONTENT_LENGTH, response.body().size());
        var head = new StringBuilder("HTTP/1.1 400 Bad Request\r\n");
        for (HttpString name : headers.getHeaderNames()) {
            head.append(name).append(": ").append(headers.getFirst(name)).append("\r\n");
        }
        byte[] first = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer body = response.body().next();
        return ByteBuffer.allocate(first.length + body.remaining())
                .put(first)
                .put(body)
                .flip();
    }
}
