package tinderbox.http;

import io.undertow.util.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compresses JSON for clients that ask for it; not downloads, which have strong tags and ranges. */
final class GzipJson {
    /** A smaller answer goes out in one packet in any case. */
    private static final int LEAST_BYTES = 1 << 10;

    private static final String JSON = "application/json;";

    private GzipJson() {}

    /**
     * Says that an answer in JSON depends on Accept-Encoding, and compresses it if the caller prefers that. The
     * tag becomes weak: the bytes are others than those of the answer as it is.
     */
    static Answer.Ready apply(String acceptEncoding, Answer.Ready answer) {
        String type = answer.headers().get(Headers.CONTENT_TYPE);
        boolean packable = type != null
                && type.startsWith(JSON)
                && !answer.headers().containsKey(Headers.CONTENT_ENCODING)
                && answer.body() instanceof Body.Bytes bytes
                && bytes.size() >= LEAST_BYTES;
        if (!packable) {
            return answer;
        }
        Answer.Ready varying = answer.with(Headers.VARY, Headers.ACCEPT_ENCODING_STRING);
        if (!Accept.takesGzip(acceptEncoding)) {
            return varying;
        }
        String etag = answer.headers().get(Headers.ETAG);
        Answer.Ready tagged = etag == null ? varying : varying.with(Headers.ETAG, ETag.weak(etag));
        return new Answer.Ready(answer.status(), tagged.headers(), new Packed((Body.Bytes) answer.body()))
                .with(Headers.CONTENT_ENCODING, "gzip");
    }

    /** Packed when it is sent, which it is not if the caller has it. */
    private static final class Packed implements Body {
        private final Body.Bytes plain;
        private Body.Bytes packed;

        Packed(Body.Bytes plain) {
            this.plain = plain;
        }

        private Body.Bytes packed() {
            if (packed == null) {
                packed = new Body.Bytes(pack(plain.buffer().duplicate()));
            }
            return packed;
        }

        @Override
        public long size() {
            return packed().size();
        }

        @Override
        public ByteBuffer next() {
            return packed().next();
        }
    }

    private static ByteBuffer pack(ByteBuffer plain) {
        byte[] bytes = new byte[plain.remaining()];
        plain.get(bytes);
        var packed = new ByteArrayOutputStream(bytes.length / 4);
        try (var gzip = new Fast(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(packed.toByteArray());
    }

    /** Fast rather than small, since every answer is compressed as it is sent. */
    private static final class Fast extends GZIPOutputStream {
        Fast(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
