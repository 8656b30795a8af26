package tinderbox.http.message;

import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tinderbox.common.Sha256;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/** The complete body of a request. It is checked only when a handler reads it. */
public final class RequestBody {
    /** Larger bodies are refused. */
    static final int MAX_BYTES = 1 << 20;

    private static final Pattern JSON_TYPE = Pattern.compile(
            "application/(?:json|[a-z0-9.!#$&^_-]+\\+json)\\s*(?:;\\s*charset\\s*=\\s*\"?utf-?8\"?\\s*)?;?",
            Pattern.CASE_INSENSITIVE);

    private final byte[] bytes;
    private final boolean tooLarge;
    private final String contentType;
    private final String contentEncoding;

    RequestBody(byte[] bytes, boolean tooLarge, String contentType, String contentEncoding) {
        this.bytes = bytes;
        this.tooLarge = tooLarge;
        this.contentType = contentType;
        this.contentEncoding = contentEncoding;
    }

    /**
     * Reads the body without holding a thread, then calls {@code then}. A body that is too large is read to its end but
     * dropped, so that the client sees the response; if the client sent Expect: 100-continue, it is not read at all.
     */
    public static void receive(HttpServerExchange exchange, Consumer<RequestBody> then, Consumer<JobException> refuse) {
        if (exchange.isRequestComplete()) {
            then.accept(empty(exchange));
            return;
        }
        boolean asks = HttpContinue.requiresContinueResponse(exchange);
        if (asks && exchange.getRequestContentLength() > MAX_BYTES) {
            then.accept(of(exchange, new byte[0], true));
        } else if (asks) {
            HttpContinue.sendContinueResponse(exchange, new IoCallback() {
                @Override
                public void onComplete(HttpServerExchange same, Sender sender) {
                    read(exchange, then, refuse);
                }

                @Override
                public void onException(HttpServerExchange same, Sender sender, IOException e) {
                    ClientConnection.disconnect(exchange);
                }
            });
        } else {
            read(exchange, then, refuse);
        }
    }

    private static void read(HttpServerExchange exchange, Consumer<RequestBody> then, Consumer<JobException> refuse) {
        var boundedBuffer = new BoundedBuffer();
        exchange.getRequestReceiver()
                .receivePartialBytes(
                        (same, part, last) -> {
                            boundedBuffer.add(part);
                            if (last) {
                                then.accept(of(
                                        exchange, boundedBuffer.bytes.toByteArray(), boundedBuffer.total > MAX_BYTES));
                            }
                        },
                        (same, failed) -> fail(exchange, failed, refuse));
    }

    private static void fail(HttpServerExchange exchange, IOException failed, Consumer<JobException> refuse) {
        if (failed instanceof ChunkedDecoder.MalformedException malformed) {
            refuse.accept(malformed.toJobException());
        } else {
            ClientConnection.disconnect(exchange);
        }
    }

    /** The bytes read so far; empty once there are too many. */
    private static final class BoundedBuffer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private long total;

        void add(byte[] part) {
            total += part.length;
            if (total <= MAX_BYTES) {
                bytes.write(part, 0, part.length);
            } else {
                bytes.reset();
            }
        }
    }

    /** A body without content. */
    public static RequestBody empty(HttpServerExchange exchange) {
        return of(exchange, new byte[0], false);
    }

    private static RequestBody of(HttpServerExchange exchange, byte[] bytes, boolean tooLarge) {
        HeaderMap headers = exchange.getRequestHeaders();
        return new RequestBody(
                bytes, tooLarge, headers.getFirst(Headers.CONTENT_TYPE), headers.getFirst(Headers.CONTENT_ENCODING));
    }

    /**
     * The body as a JSON object; without fields if there is no body, or nothing but white space in it.
     *
     * @throws JobException {@link ErrorCode#TOO_LARGE}, {@link ErrorCode#UNSUPPORTED_MEDIA_TYPE} or {@link
     *     ErrorCode#MALFORMED_JSON}
     */
    public Map<String, Object> object() {
        if (tooLarge) {
            throw new JobException(
                    ErrorCode.TOO_LARGE, "The body is larger than " + MAX_BYTES + " bytes", "send a smaller one");
        }
        if (Json.isBlank(bytes)) {
            return Map.of();
        }
        checkMediaType();
        checkUtf8();
        try {
            return Json.readObject(bytes);
        } catch (MalformedJsonException e) {
            throw malformed(e.getMessage(), e);
        }
    }

    /** The body as a JSON object, or an empty map if it cannot be read. */
    public Map<String, Object> objectOrEmpty() {
        try {
            return object();
        } catch (JobException e) {
            return Map.of();
        }
    }

    /** The SHA-256 of the body's bytes, in lower-case hex. */
    public String sha256() {
        return Sha256.hex(bytes);
    }

    /**
     * Checks the body of a request that has no fields.
     *
     * @throws JobException as {@link #object} does, or {@link ErrorCode#UNKNOWN_FIELD}
     */
    public void checkEmpty() {
        List<FieldProblem> unknown = object().keySet().stream()
                .map(field -> new FieldProblem(field, "is unknown; this endpoint takes no fields"))
                .toList();
        if (!unknown.isEmpty()) {
            throw new JobException(
                    ErrorCode.UNKNOWN_FIELD, "The body has fields that this endpoint does not take", unknown);
        }
    }

    private void checkMediaType() {
        if (contentType != null && !JSON_TYPE.matcher(contentType.strip()).matches()) {
            throw new JobException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "The body must be JSON in UTF-8, but the Content-Type header says that it is not",
                    "send Content-Type: application/json; with curl: -H 'Content-Type: application/json'");
        }
        if (contentEncoding != null && !contentEncoding.equalsIgnoreCase("identity")) {
            throw new JobException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "A compressed body is not accepted", "send it uncompressed");
        }
    }

    private void checkUtf8() {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CoderResult result = decoder.decode(in, CharBuffer.allocate(bytes.length), true);
        if (result.isError()) {
            throw malformed("Not UTF-8 at position " + (in.position() + 1), null);
        }
    }

    private static JobException malformed(String reason, Exception cause) {
        return new JobException(ErrorCode.MALFORMED_JSON, "The body is not a JSON object: " + reason, "", cause);
    }
}
