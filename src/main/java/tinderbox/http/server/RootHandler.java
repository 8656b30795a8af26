package tinderbox.http.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.xnio.XnioExecutor;
import tinderbox.http.access.AccessRecorder;
import tinderbox.http.message.AcceptHeader;
import tinderbox.http.message.AuditDetails;
import tinderbox.http.message.ChunkedDecoder;
import tinderbox.http.message.ClientConnection;
import tinderbox.http.message.Handler;
import tinderbox.http.message.QueryParameters;
import tinderbox.http.message.Request;
import tinderbox.http.message.RequestBody;
import tinderbox.http.message.RequestHead;
import tinderbox.http.message.RequestId;
import tinderbox.http.message.RequestTarget;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseHeaders;
import tinderbox.http.message.StreamingBody;
import tinderbox.http.server.Router.RouteGroup;
import tinderbox.http.server.Router.RouteMatch;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.metrics.HttpMetrics;
import tinderbox.security.auth.Principal;

/** Handles every request: admits, routes and reads it on an I/O thread, then runs its handler on a worker. */
public final class RootHandler implements HttpHandler {
    private static final long BODY_TIMEOUT_SECONDS = 30;
    private static final HttpString IDEMPOTENCY_KEY = new HttpString("Idempotency-Key");
    private static final HttpString LAST_EVENT_ID = new HttpString("Last-Event-ID");
    /** The known methods; they are case-sensitive. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY");

    private final OriginFilter originFilter;
    private final AuthenticationFilter authenticationFilter;
    private final AuditRecorder auditRecorder;
    private final AccessRecorder accessRecorder;
    private final InFlightRequests inFlightRequests;
    private final HttpMetrics metrics;
    private volatile Router router;

    public RootHandler(
            OriginFilter originFilter,
            AuthenticationFilter authenticationFilter,
            Router router,
            AuditRecorder auditRecorder,
            AccessRecorder accessRecorder,
            InFlightRequests inFlightRequests,
            HttpMetrics metrics) {
        this.originFilter = originFilter;
        this.authenticationFilter = authenticationFilter;
        this.router = router;
        this.auditRecorder = auditRecorder;
        this.accessRecorder = accessRecorder;
        this.inFlightRequests = inFlightRequests;
        this.metrics = metrics;
    }

    /** Replaces the router for all later requests. */
    public void setRouter(Router next) {
        router = next;
    }

    /**
     * The decision about a request.
     *
     * @param principal who sent it, or null if that is not known
     * @param refusal why the principal may not use the route, or null if it may
     */
    private record Admission(RouteMatch routeMatch, Principal principal, RuntimeException refusal) {
        /** For a request that is refused before its route is known. */
        static Admission refused(RuntimeException refusal) {
            RouteMatch throwing = always(request -> {
                throw refusal;
            });
            return new Admission(throwing, null, null);
        }

        boolean isUpload() {
            return refusal == null && routeMatch.route().kind() == Route.Kind.UPLOAD;
        }

        boolean isImmediate() {
            return refusal == null && routeMatch.route().handler().isImmediate();
        }

        QueryParameters query(String text) {
            List<String> parameters = routeMatch.route().parameters();
            return refusal != null || parameters == null
                    ? QueryParameters.none()
                    : new QueryParameters(text, parameters);
        }

        Response handle(Request request) throws Exception {
            if (refusal != null) {
                throw refusal;
            }
            return routeMatch.route().handler().handle(request);
        }
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        begin(exchange);
        Optional<JobException> unreadable = RequestHead.refusal(exchange);
        ChunkedDecoder.install(exchange);
        Admission admission = unreadable.isPresent() ? Admission.refused(unreadable.get()) : admit(exchange);
        if (admission.isUpload()) {
            exchange.dispatch(again -> Responder.respond(exchange, () -> stream(exchange, admission)));
            return;
        }
        if (admission.isImmediate() && exchange.isRequestComplete()) {
            Responder.respond(exchange, () -> handle(exchange, admission, RequestBody.empty(exchange), null));
            return;
        }
        limitBodyTime(exchange);
        // The body of a refused request is read too, because a client that is still sending does not read the response.
        RequestBody.receive(
                exchange,
                body -> exchange.dispatch(
                        again -> Responder.respond(exchange, () -> handle(exchange, afterBody(admission), body, null))),
                refused -> exchange.dispatch(again -> Responder.respond(exchange, () -> {
                    throw refused;
                })));
    }

    /** Lets the handler read the body. The rest is read while the response is sent, for the same reason. */
    private Response stream(HttpServerExchange exchange, Admission admission) throws Exception {
        try {
            return handle(exchange, admission, RequestBody.empty(exchange), new StreamingBody(exchange));
        } catch (StreamingBody.DisconnectedException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            limitBodyTime(exchange);
            throw e;
        }
    }

    private void begin(HttpServerExchange exchange) {
        RejectionConduit.markHandled(exchange);
        inFlightRequests.started();
        RequestMeasurement.begin(exchange, metrics);
        ResponseHeaders.putDefaults(exchange.getResponseHeaders(), RequestId.assign(exchange));
        exchange.addExchangeCompleteListener((ended, next) -> {
            inFlightRequests.completed();
            next.proceed();
        });
        // The last listener runs first: when a stop has waited for all requests, they are recorded.
        accessRecorder.begin(exchange);
    }

    /** Closes the connection if the body does not arrive in time. */
    private static void limitBodyTime(HttpServerExchange exchange) {
        if (exchange.isRequestComplete()) {
            return;
        }
        XnioExecutor.Key deadline = exchange.getIoThread()
                .executeAfter(
                        () -> {
                            if (!exchange.isRequestComplete()) {
                                ClientConnection.disconnect(exchange);
                            }
                        },
                        BODY_TIMEOUT_SECONDS,
                        TimeUnit.SECONDS);
        exchange.addExchangeCompleteListener((ended, next) -> {
            deadline.remove();
            next.proceed();
        });
    }

    private Admission admit(HttpServerExchange exchange) {
        try {
            originFilter.admit(exchange);
            inFlightRequests.admit();
            if (originFilter.isPreflight(exchange)) {
                return new Admission(always(request -> originFilter.preflight()), null, null);
            }
            RouteMatch routeMatch = route(exchange);
            if (routeMatch.route().kind() == Route.Kind.EVENT_STREAM) {
                originFilter.checkOrigin(exchange);
            }
            if (routeMatch.route().kind() == Route.Kind.FILE) {
                exchange.getResponseHeaders().remove(ResponseHeaders.CONTENT_POLICY);
            }
            return admit(exchange, routeMatch);
        } catch (RuntimeException refused) {
            return Admission.refused(refused);
        }
    }

    /** If a known principal is refused, the audit log still names the principal and the action. */
    private Admission admit(HttpServerExchange exchange, RouteMatch routeMatch) {
        Principal principal =
                authenticationFilter.identify(exchange, routeMatch.route().role());
        AccessRecorder.identified(exchange, principal);
        try {
            authenticationFilter.admit(exchange, principal, routeMatch.route().role());
            return new Admission(routeMatch, principal, null);
        } catch (JobException refused) {
            return new Admission(routeMatch, principal, refused);
        }
    }

    /** The decision once the body is there, for which the client may take its time. */
    private Admission afterBody(Admission first) {
        try {
            if (first.refusal == null) {
                authenticationFilter.check(
                        first.principal, first.routeMatch.route().role());
            }
            return first;
        } catch (JobException refused) {
            return new Admission(first.routeMatch, first.principal, refused);
        }
    }

    private static RouteMatch always(Handler handler) {
        return new RouteMatch(Route.always(handler), Map.of());
    }

    private RouteMatch route(HttpServerExchange exchange) {
        String method = exchange.getRequestMethod().toString();
        if (!METHODS.contains(method)) {
            throw new JobException(
                    ErrorCode.NOT_IMPLEMENTED,
                    "This server does not know that method",
                    "methods are in upper case, such as GET and POST");
        }
        RequestTarget.check(exchange);
        RouteGroup routeGroup = router.find(RequestTarget.segments(exchange.getRequestURI()));
        if (exchange.getRequestMethod().equals(Methods.OPTIONS)) {
            return always(request -> Response.empty(204).with(Headers.ALLOW, routeGroup.allow()));
        }
        Optional<RouteMatch> found = routeGroup.on(exchange.getRequestMethod());
        found.ifPresent(match -> RequestMeasurement.of(exchange).found(exchange, match.route()));
        return found.orElseThrow(() -> {
            if (routeGroup.on(Methods.PUT).isPresent()) {
                // curl -F sends an upload as a POST: the method is not the only problem.
                StreamingBody.checkNoForm(exchange.getRequestHeaders().get(Headers.CONTENT_TYPE));
            }
            exchange.getResponseHeaders().put(Headers.ALLOW, routeGroup.allow());
            return new JobException(
                    ErrorCode.METHOD_NOT_ALLOWED,
                    "This path does not take " + method,
                    "it takes " + routeGroup.allow());
        });
    }

    private Response handle(
            HttpServerExchange exchange, Admission admission, RequestBody body, StreamingBody streamingBody)
            throws Exception {
        RouteMatch routeMatch = admission.routeMatch;
        HeaderMap headers = exchange.getRequestHeaders();
        Request request = new Request(
                RequestId.of(exchange),
                routeMatch.captured(),
                admission.query(exchange.getQueryString()),
                AcceptHeader.joined(headers.get(Headers.ACCEPT)),
                AcceptHeader.joined(headers.get(Headers.ACCEPT_ENCODING)),
                exchange.getRequestMethod().equals(Methods.GET) ? headers.getFirst(Headers.RANGE) : null,
                headers.getFirst(IDEMPOTENCY_KEY),
                AcceptHeader.joined(headers.get(Headers.IF_MATCH)),
                headers.getFirst(LAST_EVENT_ID),
                body,
                streamingBody,
                authenticationFilter.origin(exchange, admission.principal),
                onGone -> DisconnectWatcher.watch(exchange, onGone, () -> {})::end,
                new AuditDetails(
                        (of, target, status, code) -> auditRecorder.recordPart(routeMatch, of, target, status, code)));
        try {
            checkKey(headers);
            if (request.query().allowsNone()) {
                request.query().check();
            }
            Response response = admission.handle(request);
            auditRecorder.recordResponse(routeMatch, request, response);
            return response;
        } catch (StreamingBody.DisconnectedException e) {
            throw e;
        } catch (Exception | Error e) {
            auditRecorder.recordFailure(routeMatch, request, e);
            throw e;
        }
    }

    private static void checkKey(HeaderMap headers) {
        if (headers.count(IDEMPOTENCY_KEY) > 1) {
            throw new JobException(
                    ErrorCode.MALFORMED_REQUEST, "There is more than one Idempotency-Key header", "send one");
        }
    }
}
