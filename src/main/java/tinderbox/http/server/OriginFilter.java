package tinderbox.http.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tinderbox.http.message.Response;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * Keeps pages of other sites from using this server through the user's browser (CSRF, DNS rebinding), and lets in the
 * pages of configured origins (CORS).
 *
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">Fetch: CORS protocol</a>
 */
public final class OriginFilter {
    private static final Set<HttpString> CHANGING = Set.of(Methods.POST, Methods.PUT, Methods.DELETE, Methods.PATCH);
    private static final HttpString FETCH_SITE = new HttpString("Sec-Fetch-Site");
    private static final HttpString REQUEST_METHOD = new HttpString("Access-Control-Request-Method");
    private static final HttpString ALLOW_ORIGIN = new HttpString("Access-Control-Allow-Origin");
    private static final HttpString ALLOW_METHODS = new HttpString("Access-Control-Allow-Methods");
    private static final HttpString ALLOW_HEADERS = new HttpString("Access-Control-Allow-Headers");
    private static final HttpString EXPOSE_HEADERS = new HttpString("Access-Control-Expose-Headers");
    private static final HttpString MAX_AGE = new HttpString("Access-Control-Max-Age");

    private final HostRule hosts;
    private final OriginRule origins;

    public OriginFilter(HttpSettings settings) {
        List<String> names = new ArrayList<>(settings.allowedHosts());
        names.add(settings.host());
        this.hosts = new HostRule(names);
        this.origins = new OriginRule(settings.corsOrigins());
    }

    /**
     * Refuses requests from foreign pages, and sets the CORS headers, also on a refusal.
     *
     * @throws JobException {@link ErrorCode#MALFORMED_REQUEST}, {@link ErrorCode#FOREIGN_HOST} or {@link
     *     ErrorCode#FORBIDDEN_ORIGIN}
     */
    void admit(HttpServerExchange exchange) {
        addCorsHeaders(exchange);
        hosts.check(host(exchange.getRequestHeaders()));
        if (isChange(exchange)) {
            checkOrigin(exchange);
        }
    }

    /**
     * Refuses requests from foreign pages. Needed for requests that change something, and for event streams, because a page
     * that holds many of them open could keep other clients out.
     *
     * @throws JobException {@link ErrorCode#FORBIDDEN_ORIGIN}
     */
    void checkOrigin(HttpServerExchange exchange) {
        HeaderMap headers = exchange.getRequestHeaders();
        HeaderValues origin = headers.get(Headers.ORIGIN);
        origins.check(
                origin == null ? List.of() : List.copyOf(origin),
                exchange.getRequestScheme(),
                host(headers),
                headers.getFirst(FETCH_SITE));
    }

    /** True if the method may change something. */
    static boolean isChange(HttpServerExchange exchange) {
        return CHANGING.contains(exchange.getRequestMethod());
    }

    private static String host(HeaderMap headers) {
        if (headers.count(Headers.HOST) != 1) {
            throw new JobException(
                    ErrorCode.MALFORMED_REQUEST, "There must be exactly one Host header", "send the host of the URL");
        }
        return headers.getFirst(Headers.HOST);
    }

    private void addCorsHeaders(HttpServerExchange exchange) {
        if (origins.allowsOthers()) {
            HeaderMap headers = exchange.getResponseHeaders();
            headers.put(Headers.VARY, "Origin");
            String origin = exchange.getRequestHeaders().getFirst(Headers.ORIGIN);
            if (origins.mayRead(origin)) {
                headers.put(ALLOW_ORIGIN, origin);
                headers.put(
                        EXPOSE_HEADERS,
                        "Location, ETag, Retry-After, Idempotency-Replayed, Content-Disposition, Content-Range, X-Request-Id, "
                                + "RateLimit, RateLimit-Policy, List-Truncated");
            }
        }
    }

    /** True for a CORS preflight request of a configured origin. */
    boolean isPreflight(HttpServerExchange exchange) {
        HeaderMap headers = exchange.getRequestHeaders();
        return exchange.getRequestMethod().equals(Methods.OPTIONS)
                && headers.contains(REQUEST_METHOD)
                && origins.mayRead(headers.getFirst(Headers.ORIGIN));
    }

    /** The response to a preflight: everything that the API takes. */
    Response preflight() {
        return Response.empty(204)
                .with(ALLOW_METHODS, "GET, HEAD, POST, PUT, PATCH, DELETE")
                .with(
                        ALLOW_HEADERS,
                        "Content-Type, Idempotency-Key, If-Match, If-None-Match, If-Range, Range, Last-Event-ID, Authorization")
                .with(MAX_AGE, "600");
    }
}
