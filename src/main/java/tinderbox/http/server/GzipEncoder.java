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

/** Compresses JSON for clients that ask for it; not downloads, which have strong tags and ranges. */
final class GzipEncoder {
    /** A smaller answer goes out in one packet in any case. */
    private static final int MIN_BYTES = 1 << 10;

    private static final String JSON = "application/json;";

    private GzipEncoder() {}

    /**
     * Says that an answer in JSON depends on Accept-Encoding, and compresses it if the caller prefers that. The
     * tag becomes weak: the bytes are others than those of the answer as it is.
     */
    static Response.Complete apply(String acceptEncoding, Response.Complete answer) {
        String type = answer.headers().get(Headers.CONTENT_TYPE);
        boolean packable = type != null
                && type.startsWith(JSON)
                && !answer.headers().containsKey(Headers.CONTENT_ENCODING)
                && answer.body() instanceof ResponseBody.Bytes bytes
                && bytes.size() >= MIN_BYTES;
        if (!packable) {
            return answer;
        }
        Response.Complete varying = answer.with(Headers.VARY, Headers.ACCEPT_ENCODING_STRING);
        if (!AcceptHeader.prefersGzip(acceptEncoding)) {
            return varying;
        }
        String etag = answer.headers().get(Headers.ETAG);
        Response.Complete tagged = etag == null ? varying : varying.with(Headers.ETAG, ETag.weak(etag));
        return new Response.Complete(
                        answer.status(), tagged.headers(), new CompressedBody((ResponseBody.Bytes) answer.body()))
                .with(Headers.CONTENT_ENCODING, "gzip");
    }

    /** Packed when it is sent, which it is not if the caller has it. */
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
        var packed = new ByteArrayOutputStream(bytes.length / 4);
        try (var gzip = new FastGzip(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(packed.toByteArray());
    }

    /** Fast rather than small, since every answer is compressed as it is sent. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
