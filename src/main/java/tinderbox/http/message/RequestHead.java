package tinderbox.http.message;

import io.undertow.server.Connectors;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.util.Optional;
import java.util.regex.Pattern;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * Checks what the head of a request says about its body. Undertow reads a length modulo 2^64 and any Transfer-Encoding as
 * chunked. A proxy and this server could then disagree about the end of a request (request smuggling).
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.3">RFC 9112: Message Body Length</a>
 */
public final class RequestHead {
    /** More than any disk holds, and no overflow. */
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    private static final String GO_ON = "100-continue";

    private RequestHead() {}

    /**
     * Checks the head before the body is read. If it is refused, the connection is closed after the response, and
     * everything after the head is dropped.
     *
     * @return why the request is refused; empty if it is not
     */
    public static Optional<JobException> refusal(HttpServerExchange exchange) {
        Optional<JobException> refusal = problem(exchange);
        if (refusal.isPresent()) {
            exchange.setPersistent(false);
            Connectors.terminateRequest(exchange);
        }
        return refusal;
    }

    private static Optional<JobException> problem(HttpServerExchange exchange) {
        HeaderMap headers = exchange.getRequestHeaders();
        HeaderValues codings = headers.get(Headers.TRANSFER_ENCODING);
        HeaderValues lengths = headers.get(Headers.CONTENT_LENGTH);
        if (codings != null) {
            if (!exchange.isHttp11() || lengths != null) {
                return Optional.of(new JobException(
                        ErrorCode.MALFORMED_REQUEST,
                        "Transfer-Encoding does not go with HTTP/1.0, nor with Content-Length",
                        "send Content-Length alone"));
            }
            if (codings.size() != 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
                return Optional.of(new JobException(
                        ErrorCode.NOT_IMPLEMENTED,
                        "This server knows no Transfer-Encoding but chunked",
                        "send Transfer-Encoding: chunked, or Content-Length"));
            }
        }
        if (lengths != null
                && (lengths.size() != 1 || !LENGTH.matcher(lengths.getFirst()).matches())) {
            return Optional.of(new JobException(
                    ErrorCode.MALFORMED_REQUEST,
                    "Content-Length is not one number of at most 18 digits",
                    "send the length of the body in bytes"));
        }
        return exchange.isHttp11() && expectsMore(headers.get(Headers.EXPECT))
                ? Optional.of(new JobException(
                        ErrorCode.EXPECTATION_FAILED,
                        "This server meets no expectation but 100-continue",
                        "send the request without its Expect header"))
                : Optional.empty();
    }

    private static boolean expectsMore(HeaderValues expectations) {
        return expectations != null && !expectations.stream().allMatch(GO_ON::equalsIgnoreCase);
    }
}
