package tinderbox.http.message;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** Parses the target of a request line. */
public final class RequestTarget {
    private static final Pattern ABSOLUTE = Pattern.compile("https?://([^/?#]*)", Pattern.CASE_INSENSITIVE);

    private RequestTarget() {}

    /**
     * Checks a target that is an absolute URL.
     *
     * @throws JobException {@link ErrorCode#MALFORMED_REQUEST} if it is not of HTTP, or names another host than the
     *     Host header
     */
    public static void check(HttpServerExchange exchange) {
        if (exchange.isHostIncludedInRequestURI()) {
            Matcher absolute = ABSOLUTE.matcher(exchange.getRequestURI());
            String host = exchange.getRequestHeaders().getFirst(Headers.HOST);
            if (!absolute.lookingAt() || !absolute.group(1).equalsIgnoreCase(host)) {
                throw new JobException(
                        ErrorCode.MALFORMED_REQUEST,
                        "The URL in the first line is not of HTTP, or of another host than the Host header",
                        "send the path alone");
            }
        }
    }

    /** The decoded segments of the path. An encoded slash does not split a segment. */
    public static List<String> segments(String uri) {
        int host = uri.startsWith("/") ? -1 : uri.indexOf("://");
        int path = host < 0 ? 0 : uri.indexOf('/', host + 3);
        if (path < 0) {
            return List.of("");
        }
        String[] raw =
                uri.substring(uri.startsWith("/", path) ? path + 1 : path).split("/", -1);
        return Arrays.stream(raw).map(PercentCodec::decodeSegment).toList();
    }
}
