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
 * Who may come in: the rules that keep foreign pages in the user's own browser from using this server behind the
 * user's back, and what lets in the pages of named origins.
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
     * Refuses what must not come in, and marks the answer, also that of a refusal, for the origin that may read it.
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
     * Refuses what a foreign page sends. For what changes something, and for streams of events: a page that holds many
     * of them open could keep others out.
     *
     * @throws JobException {@link ErrorCode#FORBIDDEN_ORIGIN}
     */
    void checkOrigin(HttpServerExchange exchange) {
        HeaderMap asked = exchange.getRequestHeaders();
        HeaderValues origin = asked.get(Headers.ORIGIN);
        origins.check(
                origin == null ? List.of() : List.copyOf(origin),
                exchange.getRequestScheme(),
                host(asked),
                asked.getFirst(FETCH_SITE));
    }

    /** Whether a request may change something. */
    static boolean isChange(HttpServerExchange exchange) {
        return CHANGING.contains(exchange.getRequestMethod());
    }

    private static String host(HeaderMap asked) {
        if (asked.count(Headers.HOST) != 1) {
            throw new JobException(
                    ErrorCode.MALFORMED_REQUEST, "There must be exactly one Host header", "send the host of the URL");
        }
        return asked.getFirst(Headers.HOST);
    }

    private void addCorsHeaders(HttpServerExchange exchange) {
        if (origins.allowsOthers()) {
            HeaderMap answer = exchange.getResponseHeaders();
            answer.put(Headers.VARY, "Origin");
            String origin = exchange.getRequestHeaders().getFirst(Headers.ORIGIN);
            if (origins.mayRead(origin)) {
                answer.put(ALLOW_ORIGIN, origin);
                answer.put(
                        EXPOSE_HEADERS,
                        "Location, ETag, Retry-After, Idempotency-Replayed, Content-Disposition, Content-Range, X-Request-Id");
            }
        }
    }

    /** Whether a browser asks on behalf of a page of a named origin what that page may send. */
    boolean isPreflight(HttpServerExchange exchange) {
        HeaderMap asked = exchange.getRequestHeaders();
        return exchange.getRequestMethod().equals(Methods.OPTIONS)
                && asked.contains(REQUEST_METHOD)
                && origins.mayRead(asked.getFirst(Headers.ORIGIN));
    }

    /** What it may send: all that the API takes. */
    Response preflight() {
        return Response.empty(204)
                .with(ALLOW_METHODS, "GET, HEAD, POST, PUT, DELETE")
                .with(
                        ALLOW_HEADERS,
                        "Content-Type, Idempotency-Key, If-None-Match, If-Range, Range, Last-Event-ID, Authorization")
                .with(MAX_AGE, "600");
    }
}
