package tinderbox.http.server;

import io.undertow.util.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import tinderbox.http.message.AcceptHeader;
import tinderbox.http.message.ETag;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseBody;

/** Compresses JSON for clients that accept it, but not downloads, which have strong tags and ranges. */
final class GzipEncoder {
    /** A smaller response fits into one packet anyway. */
    private static final int MIN_BYTES = 1 << 10;

    private static final String JSON = "application/json;";

    private GzipEncoder() {}

    /**
     * Adds Vary: Accept-Encoding to a JSON response, and compresses it if the client prefers that. The tag becomes weak,
     * because the bytes differ from those of the plain response.
     */
    static Response.Complete apply(String acceptEncoding, Response.Complete response) {
        String type = response.headers().get(Headers.CONTENT_TYPE);
        boolean compressible = type != null
                && type.startsWith(JSON)
                && !response.headers().containsKey(Headers.CONTENT_ENCODING)
                && response.body() instanceof ResponseBody.Bytes bytes
                && bytes.size() >= MIN_BYTES;
        if (!compressible) {
            return response;
        }
        Response.Complete varying = response.with(Headers.VARY, Headers.ACCEPT_ENCODING_STRING);
        if (!AcceptHeader.prefersGzip(acceptEncoding)) {
            return varying;
        }
        String etag = response.headers().get(Headers.ETAG);
        Response.Complete tagged = etag == null ? varying : varying.with(Headers.ETAG, ETag.weak(etag));
        return new Response.Complete(
                        response.status(), tagged.headers(), new CompressedBody((ResponseBody.Bytes) response.body()))
                .with(Headers.CONTENT_ENCODING, "gzip");
    }

    /** Compressed only when it is sent, because the client may already have it. */
    private static final class CompressedBody implements ResponseBody {
        private final ResponseBody.Bytes plain;
        private ResponseBody.Bytes compressed;

        CompressedBody(ResponseBody.Bytes plain) {
            this.plain = plain;
        }

        private ResponseBody.Bytes compressed() {
            if (compressed == null) {
                compressed = new ResponseBody.Bytes(compress(plain.buffer().duplicate()));
            }
            return compressed;
        }

        @Override
        public long size() {
            return compressed().size();
        }

        @Override
        public ByteBuffer next() {
            return compressed().next();
        }
    }

    private static ByteBuffer compress(ByteBuffer plain) {
        byte[] bytes = new byte[plain.remaining()];
        plain.get(bytes);
        var compressed = new ByteArrayOutputStream(bytes.length / 4);
        try (var gzip = new FastGzip(compressed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(compressed.toByteArray());
    }

    /** Fast rather than small, since every response is compressed as it is sent. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
