package tinderbox.http;

import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The files of the page, from the class path under {@code static/}; none is read twice. */
final class StaticFiles {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*(?:\\.[A-Za-z0-9_-]+)*");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "md", "text/plain; charset=utf-8",
            "txt", "text/plain; charset=utf-8");
    private static final HttpString CONTENT_SECURITY_POLICY = new HttpString("Content-Security-Policy");
    private static final String ONLY_OURSELVES = "default-src 'none'; style-src 'self'; img-src 'self' data:;"
            + " script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Map<String, StaticFile> known = new ConcurrentHashMap<>();

    /** The file at a path; empty where there is none. */
    Optional<StaticFile> find(List<String> segments) {
        List<String> names = segments.equals(List.of("")) ? List.of("index.html") : segments;
        String file = names.get(names.size() - 1);
        String type = TYPES.get(file.substring(file.lastIndexOf('.') + 1));
        if (type == null
                || file.indexOf('.') < 0
                || !names.stream().allMatch(name -> NAME.matcher(name).matches())) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                known.computeIfAbsent(String.join("/", names), path -> read("/static/" + path, type)));
    }

    private static StaticFile read(String resource, String contentType) {
        try (InputStream in = StaticFiles.class.getResourceAsStream(resource)) {
            return in == null ? null : new StaticFile(contentType, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + resource + " of the page cannot be read", e);
        }
    }

    /** One file, in memory. */
    static final class StaticFile {
        private final String contentType;
        private final byte[] bytes;
        private final String etag;

        StaticFile(String contentType, byte[] bytes) {
            this.contentType = contentType;
            this.bytes = bytes;
            this.etag = ETag.of(bytes);
        }

        /** Answers with the file, to be asked for again each time but sent only where it has changed. */
        Answer answer() {
            return new Answer.Ready(200, Map.of(), Body.of(bytes))
                    .with(Headers.CONTENT_TYPE, contentType)
                    .with(Headers.ETAG, etag)
                    .with(Headers.CACHE_CONTROL, "no-cache")
                    .with(CONTENT_SECURITY_POLICY, ONLY_OURSELVES);
        }
    }
}
