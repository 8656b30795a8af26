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
 * Spares the caller bytes that it has or does not want.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2">RFC 9110: Precedence of Preconditions</a>
 */
final class ConditionalRequests {
    private ConditionalRequests() {}

    /**
     * Puts a 304 or a 206 in the place of a 200 where the request's headers ask for it.
     *
     * @throws JobException {@link ErrorCode#RANGE_NOT_SATISFIABLE}
     */
    static Response.Complete apply(HttpServerExchange exchange, Response.Complete answer) throws IOException {
        String etag = answer.headers().get(Headers.ETAG);
        if (answer.status() != 200 || etag == null) {
            return answer;
        }
        HeaderMap asked = exchange.getRequestHeaders();
        if (matches(asked.get(Headers.IF_NONE_MATCH), etag)) {
            answer.body().close();
            return notModified(answer);
        }
        boolean wantsPart = answer.headers().containsKey(Headers.ACCEPT_RANGES)
                && exchange.getRequestMethod().equals(Methods.GET)
                && asked.count(Headers.RANGE) == 1
                && (!asked.contains(Headers.IF_RANGE) || etag.equals(asked.getFirst(Headers.IF_RANGE)));
        return wantsPart ? partial(exchange, answer) : answer;
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

    private static Response.Complete notModified(Response.Complete answer) {
        Map<HttpString, String> kept = new LinkedHashMap<>(answer.headers());
        kept.keySet().retainAll(List.of(Headers.ETAG, Headers.CACHE_CONTROL, Headers.VARY));
        return new Response.Complete(304, kept, null);
    }

    private static Response.Complete partial(HttpServerExchange exchange, Response.Complete answer) throws IOException {
        ResponseBody.FilePart file = (ResponseBody.FilePart) answer.body();
        Optional<ByteRange> wanted =
                ByteRange.parse(exchange.getRequestHeaders().getFirst(Headers.RANGE), file.size());
        if (wanted.isEmpty()) {
            return answer;
        }
        ByteRange span = wanted.get();
        if (span.length() == 0) {
            file.close();
            exchange.getResponseHeaders().put(Headers.CONTENT_RANGE, span.contentRange(file.size()));
            throw new JobException(
                    ErrorCode.RANGE_NOT_SATISFIABLE,
                    "The file has no such bytes",
                    "it has " + file.size() + " bytes, counted from 0");
        }
        return new Response.Complete(206, answer.headers(), file.range(span))
                .with(Headers.CONTENT_RANGE, span.contentRange(file.size()));
    }
}
