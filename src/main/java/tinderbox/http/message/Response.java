package tinderbox.http.message;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tinderbox.json.Json;

/** The response of a handler: complete, deferred, or a stream. */
public sealed interface Response {
    /** A response with {@code value} as JSON. */
    static Complete json(int status, Object value) {
        return json(status, Json.write(value));
    }

    /** A response with this JSON. */
    static Complete json(int status, byte[] json) {
        return new Complete(status, Map.of(), ResponseBody.of(json))
                .with(Headers.CONTENT_TYPE, "application/json; charset=utf-8");
    }

    /** A file that the client saves under this name. */
    static Complete download(ResponseBody body, String contentType, String fileName) {
        String safeName = fileName.replaceAll("[^A-Za-z0-9._-]", "-");
        // RFC 6266: clients that know it prefer the second one.
        String exactName =
                safeName.equals(fileName) ? "" : "; filename*=UTF-8''" + PercentCodec.encodeSegment(fileName);
        return new Complete(200, Map.of(), body)
                .with(Headers.CONTENT_TYPE, contentType)
                .with(Headers.CONTENT_DISPOSITION, "attachment; filename=\"" + safeName + "\"" + exactName);
    }

    /** A response without a body. */
    static Complete empty(int status) {
        return new Complete(status, Map.of(), null);
    }

    /**
     * A response whose status, headers and body are known.
     *
     * @param status the HTTP status
     * @param headers the headers besides the default ones
     * @param body the body, or null if there is none
     */
    record Complete(int status, Map<HttpString, String> headers, ResponseBody body) implements Response {
        public Complete {
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        }

        /** The same with one more header. */
        public Complete with(HttpString name, String value) {
            Map<HttpString, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Complete(status, more, body);
        }
    }

    /**
     * A response that waits for something without holding a thread.
     *
     * @param until the response is sent once this has completed, normally or not
     * @param then produces the response, on a worker thread
     */
    record Deferred(CompletableFuture<?> until, Producer then) implements Response {}

    /**
     * A response that continues for as long as the client listens, without holding a thread.
     *
     * @param headers the status and headers; all that HEAD gets
     * @param opener opens the stream, on a worker thread; what it throws becomes the response
     */
    record Stream(Complete headers, StreamOpener opener) implements Response {}

    /** Opens a stream for one client. */
    @FunctionalInterface
    interface StreamOpener {
        OpenStream open(HttpServerExchange exchange) throws Exception;
    }

    /** A stream that is ready to start. */
    interface OpenStream {
        /** Starts writing; called on the I/O thread of the connection, after the headers. */
        void start();

        /** Releases a stream that will not be started. */
        void abandon();
    }

    /** Produces a response. */
    @FunctionalInterface
    interface Producer {
        /** Returns the response; what it throws becomes a response too. */
        Response produce() throws Exception;
    }
}
