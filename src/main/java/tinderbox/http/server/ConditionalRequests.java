package tinderbox.http.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tinderbox.http.message.ByteRange;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseBody;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * Conditional requests and range requests.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2">RFC 9110: Precedence of Preconditions</a>
 */
final class ConditionalRequests {
    private ConditionalRequests() {}

    /**
     * Replaces a 200 with a 304 or a 206 if the headers of the request ask for it.
     *
     * @throws JobException {@link ErrorCode#RANGE_NOT_SATISFIABLE}
     */
    static Response.Complete apply(HttpServerExchange exchange, Response.Complete response) throws IOException {
        String etag = response.headers().get(Headers.ETAG);
        if (response.status() != 200 || etag == null) {
            return response;
        }
        HeaderMap headers = exchange.getRequestHeaders();
        if (matches(headers.get(Headers.IF_NONE_MATCH), etag)) {
            response.body().close();
            return notModified(response);
        }
        boolean wantsPart = response.headers().containsKey(Headers.ACCEPT_RANGES)
                && response.body().size() >= 0
                && exchange.getRequestMethod().equals(Methods.GET)
                && headers.count(Headers.RANGE) == 1
                && (!headers.contains(Headers.IF_RANGE) || etag.equals(headers.getFirst(Headers.IF_RANGE)));
        return wantsPart ? partial(exchange, response) : response;
    }

    private static boolean matches(HeaderValues ifNoneMatch, String etag) {
        return ifNoneMatch != null
                && ifNoneMatch.stream()
                        .flatMap(value -> Arrays.stream(value.split(",")))
                        .map(String::strip)
                        .anyMatch(known -> known.equals("*") || weak(known).equals(weak(etag)));
    }

    private static String weak(String etag) {
        return etag.startsWith("W/") ? etag.substring(2) : etag;
    }

    private static Response.Complete notModified(Response.Complete response) {
        Map<HttpString, String> kept = new LinkedHashMap<>(response.headers());
        kept.keySet().retainAll(List.of(Headers.ETAG, Headers.CACHE_CONTROL, Headers.VARY));
        return new Response.Complete(304, kept, null);
    }

    private static Response.Complete partial(HttpServerExchange exchange, Response.Complete response)
            throws IOException {
        ResponseBody file = response.body();
        Optional<ByteRange> requested =
                ByteRange.parse(exchange.getRequestHeaders().getFirst(Headers.RANGE), file.size());
        if (requested.isEmpty()) {
            return response;
        }
        ByteRange range = requested.get();
        if (range.length() == 0) {
            file.close();
            exchange.getResponseHeaders().put(Headers.CONTENT_RANGE, range.contentRange(file.size()));
            throw new JobException(
                    ErrorCode.RANGE_NOT_SATISFIABLE,
                    "The file has no such bytes",
                    "it has " + file.size() + " bytes, counted from 0");
        }
        return new Response.Complete(206, response.headers(), file.range(range))
                .with(Headers.CONTENT_RANGE, range.contentRange(file.size()));
    }
}
