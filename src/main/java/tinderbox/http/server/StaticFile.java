package tinderbox.http.server;

import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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

/** A file of the JAR in memory, plain and, if that is smaller, compressed. */
public final class StaticFile {
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
            Map.entry("yaml", "application/yaml"),
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

    /** The bytes in one encoding, and their tag. */
    private record Variant(ByteBuffer bytes, String etag) {
        static Variant of(byte[] bytes) {
            return new Variant(ByteBuffer.wrap(bytes), ETag.of(bytes));
        }
    }

    /**
     * Prepares a file.
     *
     * @param path its path; the extension determines the type
     * @param policy the Content-Security-Policy of documents; other files need none, and it is longer than some of them
     */
    static StaticFile of(String path, byte[] bytes, String policy) {
        String type = TYPES.get(path.substring(Math.max(path.lastIndexOf('.'), path.lastIndexOf('/')) + 1));
        if (type == null) {
            throw new IllegalStateException("the type of " + path + " is not known; add its extension to TYPES");
        }
        byte[] compressed = gzip(bytes);
        boolean document = type.startsWith("text/html") || type.startsWith("image/svg");
        return new StaticFile(
                type,
                document ? policy : null,
                Variant.of(bytes),
                compressed.length < bytes.length ? Variant.of(compressed) : null);
    }

    /**
     * Reads a resource of the JAR that is no file of the page.
     *
     * @param name its path from the root of the JAR
     */
    public static StaticFile ofResource(String name) {
        try (InputStream in = StaticFile.class.getResourceAsStream("/" + name)) {
            return of(name, in.readAllBytes(), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] gzip(byte[] bytes) {
        var compressed = new ByteArrayOutputStream(bytes.length);
        try (var gzip = new SmallestGzip(compressed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    /** As small as possible, because a file is compressed once and sent often. */
    private static final class SmallestGzip extends GZIPOutputStream {
        SmallestGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }

    /** The file. Browsers revalidate it every time, but it is sent only if it has changed. */
    public Response handle(Request request) {
        boolean useCompressed = compressed != null && AcceptHeader.prefersGzip(request.acceptEncoding());
        Variant variant = useCompressed ? compressed : plain;
        Response.Complete response = new Response.Complete(
                        200, Map.of(), new ResponseBody.Bytes(variant.bytes().duplicate()))
                .with(Headers.CONTENT_TYPE, contentType)
                .with(Headers.ETAG, variant.etag())
                .with(Headers.ACCEPT_RANGES, "bytes")
                .with(Headers.CACHE_CONTROL, "no-cache");
        if (policy != null) {
            response = response.with(ResponseHeaders.CONTENT_POLICY, policy).with(OPENER_POLICY, "same-origin");
        }
        if (useCompressed) {
            response = response.with(Headers.CONTENT_ENCODING, "gzip");
        }
        return compressed == null ? response : response.with(Headers.VARY, "Accept-Encoding");
    }
}
