package tinderbox.http.server;

import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import tinderbox.http.message.AcceptHeader;
import tinderbox.http.message.ETag;
import tinderbox.http.message.Request;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseBody;
import tinderbox.http.message.ResponseHeaders;

/** One file of the page, in memory, plain and, where that makes it smaller, packed. */
final class StaticFile {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("json", "application/json; charset=utf-8"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("md", "text/markdown; charset=utf-8"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("LICENSE", "text/plain; charset=utf-8"));
    private static final HttpString OPENER_POLICY = new HttpString("Cross-Origin-Opener-Policy");

    private final String contentType;
    private final String policy;
    private final Variant plain;
    private final Variant compressed;

    private StaticFile(String contentType, String policy, Variant plain, Variant packed) {
        this.contentType = contentType;
        this.policy = policy;
        this.plain = plain;
        this.compressed = packed;
    }

    /** Its bytes in one encoding, and the tag that tells them from those in the other. */
    private record Variant(ByteBuffer bytes, String etag) {
        static Variant of(byte[] bytes) {
            return new Variant(ByteBuffer.wrap(bytes), ETag.of(bytes));
        }
    }

    /**
     * Makes what is sent for a file.
     *
     * @param path where it lies; its extension tells its type
     * @param policy the Content-Security-Policy of what a browser shows by itself; other files have none, for it
     *     would be read by nobody and is longer than some of them
     */
    static StaticFile of(String path, byte[] bytes, String policy) {
        String type = TYPES.get(path.substring(Math.max(path.lastIndexOf('.'), path.lastIndexOf('/')) + 1));
        if (type == null) {
            throw new IllegalStateException("the type of " + path + " is not known; add its extension to TYPES");
        }
        byte[] packed = gzip(bytes);
        boolean document = type.startsWith("text/html") || type.startsWith("image/svg");
        return new StaticFile(
                type,
                document ? policy : null,
                Variant.of(bytes),
                packed.length < bytes.length ? Variant.of(packed) : null);
    }

    private static byte[] gzip(byte[] bytes) {
        var packed = new ByteArrayOutputStream(bytes.length);
        try (var gzip = new SmallestGzip(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    /** Packs as small as it can: it is done once, and sent often. */
    private static final class SmallestGzip extends GZIPOutputStream {
        SmallestGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }

    /** Answers with the file, to be asked for again each time but sent only where it has changed. */
    Response handle(Request request) {
        boolean asPacked = compressed != null && AcceptHeader.prefersGzip(request.acceptEncoding());
        Variant variant = asPacked ? compressed : plain;
        Response.Complete answer = new Response.Complete(
                        200, Map.of(), new ResponseBody.Bytes(variant.bytes().duplicate()))
                .with(Headers.CONTENT_TYPE, contentType)
                .with(Headers.ETAG, variant.etag())
                .with(Headers.CACHE_CONTROL, "no-cache");
        if (policy != null) {
            answer = answer.with(ResponseHeaders.CONTENT_POLICY, policy).with(OPENER_POLICY, "same-origin");
        }
        if (asPacked) {
            answer = answer.with(Headers.CONTENT_ENCODING, "gzip");
        }
        return compressed == null ? answer : answer.with(Headers.VARY, "Accept-Encoding");
    }
}
