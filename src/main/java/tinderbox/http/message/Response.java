package tinderbox.http.message;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tinderbox.json.Json;

/** What a handler answers: now, later, or for as long as the client listens. */
public sealed interface Response {
    /** Answers {@code value} as JSON. */
    static Complete json(int status, Object value) {
        return json(status, Json.write(value));
    }

    /** Answers with what is JSON already. */
    static Complete json(int status, byte[] json) {
        return new Complete(status, Map.of(), ResponseBody.of(json))
                .with(Headers.CONTENT_TYPE, "application/json; charset=utf-8");
    }

    /** Answers with a file to keep under this name. */
    static Complete download(ResponseBody body, String contentType, String fileName) {
        String safeName = fileName.replaceAll("[^A-Za-z0-9._-]", "-");
        return new Complete(200, Map.of(), body)
                .with(Headers.CONTENT_TYPE, contentType)
                .with(Headers.CONTENT_DISPOSITION, "attachment; filename=\"" + safeName + "\"");
    }

    /** Answers without a body. */
    static Complete empty(int status) {
        return new Complete(status, Map.of(), null);
    }

    /**
     * An answer that is complete but for its bytes.
     *
     * @param status the HTTP status
     * @param headers those of this answer alone
     * @param body what follows, or null where nothing may
     */
    record Complete(int status, Map<HttpString, String> headers, ResponseBody body) implements Response {
        public Complete {
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        }

        /** This answer with one more header. */
        public Complete with(HttpString name, String value) {
            Map<HttpString, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Complete(status, more, body);
        }
    }

    /**
     * An answer that waits for something and holds no thread meanwhile.
     *
     * @param until answered once this has completed, however it has
     * @param then makes the answer, on a worker thread
     */
    record Deferred(CompletableFuture<?> until, Producer then) implements Response {}

    /**
     * A response that goes on for as long as the client listens, and holds no thread.
     *
     * @param headers what it begins with; all of the response to HEAD
     * @param opener begins what follows, on a worker thread; throws what the error mapper turns into a response
     */
    record Stream(Complete headers, StreamOpener opener) implements Response {}

    /** Prepares a stream for one client. */
    @FunctionalInterface
    interface StreamOpener {
        OpenStream open(HttpServerExchange exchange) throws Exception;
    }

    /** A stream that is ready to be written. */
    interface OpenStream {
        /** Begins to write; on the connection's I/O thread, after the headers. */
        void start();

        /** Releases a stream that will not be started. */
        void abandon();
    }

    /** What makes an answer. */
    @FunctionalInterface
    interface Producer {
        /** Answers, or throws what the error mapper turns into a response. */
        Response produce() throws Exception;
    }
}
