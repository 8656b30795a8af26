package tinderbox.http.message;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.xnio.channels.StreamSourceChannel;
import tinderbox.dataset.Upload;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** A body that the worker thread of its request reads while it arrives. */
public final class StreamingBody {
    private static final int PART = 1 << 16;
    private static final String MULTIPART = "multipart/";

    private final HttpServerExchange exchange;
    private StreamSourceChannel channel;

    public StreamingBody(HttpServerExchange exchange) {
        this.exchange = exchange;
    }

    /** The connection broke, or the body was malformed, before its end. No response can be sent. */
    public static final class DisconnectedException extends IOException {
        private static final long serialVersionUID = 1L;

        public DisconnectedException(IOException cause) {
            super(cause);
        }
    }

    /**
     * The announced number of bytes, or -1 if the body is chunked.
     *
     * @throws JobException {@link ErrorCode#LENGTH_REQUIRED} if the end of the body could not be distinguished from a
     *     broken connection, {@link ErrorCode#MALFORMED_REQUEST} if it is only a part of a file, {@link
     *     ErrorCode#UNSUPPORTED_MEDIA_TYPE} if it is a form or has a Content-Encoding
     */
    public long length() {
        HeaderMap headers = exchange.getRequestHeaders();
        if (headers.contains(Headers.CONTENT_RANGE)) {
            throw new JobException(
                    ErrorCode.MALFORMED_REQUEST,
                    "The body is only a part of a file",
                    "send the whole file, without Content-Range; an interrupted upload cannot be resumed");
        }
        checkNoForm(headers.get(Headers.CONTENT_TYPE));
        HeaderValues codings = headers.get(Headers.TRANSFER_ENCODING);
        boolean chunked =
                codings != null && codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked");
        boolean announced = codings == null && headers.count(Headers.CONTENT_LENGTH) == 1;
        if (!chunked && !announced) {
            throw new JobException(
                    ErrorCode.LENGTH_REQUIRED,
                    "The request does not say how long its body is",
                    "send Content-Length or Transfer-Encoding: chunked, as curl -T does");
        }
        if (headers.contains(Headers.CONTENT_ENCODING)
                && !headers.getFirst(Headers.CONTENT_ENCODING).equalsIgnoreCase("identity")) {
            throw new JobException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "A body with a Content-Encoding is not accepted",
                    "send a compressed file as it is, without that header");
        }
        return chunked ? -1 : exchange.getRequestContentLength();
    }

    /** Refuses multipart forms, which would be stored with their boundaries. The urlencoded type that curl gives a plain file is harmless. */
    public static void checkNoForm(HeaderValues types) {
        if (types != null
                && types.stream().anyMatch(type -> type.regionMatches(true, 0, MULTIPART, 0, MULTIPART.length()))) {
            throw new JobException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "The body is a form with the file in one of its parts, not the file itself",
                    "send the file as the body: curl -T FILE, or curl -X PUT --data-binary @FILE, and not -F");
        }
    }

    /**
     * Copies the whole body to {@code upload}. Sends 100 Continue first if the client expects it.
     *
     * @throws DisconnectedException if the body ends too early
     * @throws JobException {@link ErrorCode#TOO_SLOW}, {@link ErrorCode#MALFORMED_REQUEST}, or what the upload throws
     */
    public void copyTo(Upload upload, MinimumTransferRate minimumTransferRate) throws IOException {
        long announced = length();
        long total = 0;
        ByteBuffer part = ByteBuffer.allocate(PART);
        while (read(part, minimumTransferRate)) {
            total += part.flip().remaining();
            upload.write(part);
            part.clear();
        }
        if (announced >= 0 && announced != total) {
            throw new DisconnectedException(new EOFException(total + " of " + announced + " bytes came"));
        }
    }

    private void sendContinue(MinimumTransferRate minimumTransferRate) throws IOException {
        if (HttpContinue.requiresContinueResponse(exchange)) {
            HttpContinue.ContinueResponseSender sender = HttpContinue.createResponseSender(exchange);
            while (!sender.send()) {
                sender.awaitWritable(minimumTransferRate.nanosToWait(), TimeUnit.NANOSECONDS);
            }
        }
    }

    /** Waits for bytes; returns false at the end. */
    private boolean read(ByteBuffer part, MinimumTransferRate minimumTransferRate) throws DisconnectedException {
        try {
            if (channel == null) {
                channel = exchange.getRequestChannel();
                sendContinue(minimumTransferRate);
            }
            while (true) {
                long timeoutNanos = minimumTransferRate.nanosToWait();
                int count = channel.read(part);
                if (count != 0) {
                    minimumTransferRate.received(count);
                    return count > 0;
                }
                channel.awaitReadable(timeoutNanos, TimeUnit.NANOSECONDS);
            }
        } catch (ChunkedDecoder.MalformedException e) {
            throw e.toJobException();
        } catch (IOException e) {
            throw new DisconnectedException(e);
        }
    }
}
