package tinderbox.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioExecutor;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.security.Caller;

/** The way of every request: admitted, routed and read on an I/O thread, then answered on a worker. */
final class RootHandler implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RootHandler.class);
    private static final long BODY_WITHIN_SECONDS = 30;
    private static final HttpString IDEMPOTENCY_KEY = new HttpString("Idempotency-Key");
    private static final HttpString LAST_EVENT_ID = new HttpString("Last-Event-ID");
    /** Those that some path here could take; another one, also in other letters, is no method of ours. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

    private final Gate gate;
    private final Guard guard;
    private final Auditor auditor;
    private final UnderWay underWay;
    private volatile Router router;

    RootHandler(Gate gate, Guard guard, Router router, Auditor auditor, UnderWay underWay) {
        this.gate = gate;
        this.guard = guard;
        this.router = router;
        this.auditor = auditor;
        this.underWay = underWay;
    }

    /** Routes what comes from now on in another way. */
    void route(Router next) {
        router = next;
    }

    /** What answers a request, and who sent it; nobody where that is not known. */
    private record Admitted(Router.Found found, Caller caller) {
        /** What answers nothing but that it is refused. */
        static Admitted refused(RuntimeException why) {
            return new Admitted(
                    Router.Found.always(request -> {
                        throw why;
                    }),
                    null);
        }
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        begin(exchange);
        Optional<JobException> unreadable = RequestHead.refusal(exchange);
        StrictChunks.install(exchange);
        Admitted admitted = unreadable.isPresent() ? Admitted.refused(unreadable.get()) : admit(exchange);
        if (admitted.found.streamed()) {
            exchange.dispatch(again -> Responder.answer(exchange, () -> stream(exchange, admitted)));
            return;
        }
        if (admitted.found.call().isImmediate() && exchange.isRequestComplete()) {
            Responder.answer(exchange, () -> call(exchange, admitted, RequestBody.none(exchange), null));
            return;
        }
        endUnlessRead(exchange);
        // Also of a request that is refused the body is read: a caller that still sends does not hear the answer.
        RequestBody.receive(
                exchange,
                body -> exchange.dispatch(
                        again -> Responder.answer(exchange, () -> call(exchange, admitted, body, null))));
    }

    /** Has a call read the body itself; what it leaves is read while the answer is on its way, for the same reason. */
    private Answer stream(HttpServerExchange exchange, Admitted admitted) throws Exception {
        try {
            return call(exchange, admitted, RequestBody.none(exchange), new Incoming(exchange));
        } catch (Incoming.BrokenOffException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            endUnlessRead(exchange);
            throw e;
        }
    }

    private void begin(HttpServerExchange exchange) {
        RejectionConduit.handles(exchange);
        underWay.begun();
        long started = System.nanoTime();
        AnswerHeaders.put(exchange.getResponseHeaders(), RequestId.give(exchange));
        exchange.addExchangeCompleteListener((ended, next) -> {
            underWay.ended();
            LOG.debug(
                    "{} {} {} {} {} ms",
                    RequestId.of(ended),
                    ended.getRequestMethod(),
                    ended.getRequestURI(),
                    ended.getStatusCode(),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
            next.proceed();
        });
    }

    /** A body that trickles in must not hold its connection for ever. */
    private static void endUnlessRead(HttpServerExchange exchange) {
        if (exchange.isRequestComplete()) {
            return;
        }
        XnioExecutor.Key deadline = exchange.getIoThread()
                .executeAfter(
                        () -> {
                            if (!exchange.isRequestComplete()) {
                                Responder.breakOff(exchange);
                            }
                        },
                        BODY_WITHIN_SECONDS,
                        TimeUnit.SECONDS);
        exchange.addExchangeCompleteListener((ended, next) -> {
            deadline.remove();
            next.proceed();
        });
    }

    private Admitted admit(HttpServerExchange exchange) {
        try {
            gate.admit(exchange);
            underWay.admit();
            if (gate.isPreflight(exchange)) {
                return new Admitted(Router.Found.always(request -> gate.preflight()), null);
            }
            Router.Found found = route(exchange);
            if (found.isEventStream()) {
                gate.checkOrigin(exchange);
            }
            if (found.isFile()) {
                exchange.getResponseHeaders().remove(AnswerHeaders.CONTENT_POLICY);
            }
            return admit(exchange, found);
        } catch (RuntimeException refused) {
            return Admitted.refused(refused);
        }
    }

    /** Of somebody who is known and may not, it is known what they may not. */
    private Admitted admit(HttpServerExchange exchange, Router.Found found) {
        Caller caller = guard.identify(exchange, found.role());
        try {
            guard.admit(caller, found.role());
            return new Admitted(found, caller);
        } catch (JobException refused) {
            return new Admitted(found.refusing(refused), caller);
        }
    }

    private Router.Found route(HttpServerExchange exchange) {
        String method = exchange.getRequestMethod().toString();
        if (!METHODS.contains(method)) {
            throw new JobException(
                    ErrorCode.NOT_IMPLEMENTED,
                    "This server does not know that method",
                    "methods are in upper case, such as GET and POST");
        }
        RequestTarget.check(exchange);
        Router.Place place = router.find(RequestTarget.segments(exchange.getRequestURI()));
        if (exchange.getRequestMethod().equals(Methods.OPTIONS)) {
            return Router.Found.always(request -> Answer.empty(204).with(Headers.ALLOW, place.allow()));
        }
        return place.on(exchange.getRequestMethod()).orElseThrow(() -> {
            if (place.on(Methods.PUT).isPresent()) {
                // As curl -F sends an upload: what is wrong is more than the method.
                Incoming.checkNoForm(exchange.getRequestHeaders().get(Headers.CONTENT_TYPE));
            }
            exchange.getResponseHeaders().put(Headers.ALLOW, place.allow());
            return new JobException(
                    ErrorCode.METHOD_NOT_ALLOWED, "This path does not take " + method, "it takes " + place.allow());
        });
    }

    private Answer call(HttpServerExchange exchange, Admitted admitted, RequestBody body, Incoming incoming)
            throws Exception {
        Router.Found found = admitted.found;
        HeaderMap headers = exchange.getRequestHeaders();
        Request request = new Request(
                RequestId.of(exchange),
                found.captured(),
                found.parameters() == null ? Query.none() : new Query(exchange.getQueryString(), found.parameters()),
                Accept.joined(headers.get(Headers.ACCEPT)),
                Accept.joined(headers.get(Headers.ACCEPT_ENCODING)),
                headers.getFirst(IDEMPOTENCY_KEY),
                headers.getFirst(LAST_EVENT_ID),
                body,
                incoming,
                guard.sender(exchange, admitted.caller),
                onGone -> ClientWatch.begin(exchange, onGone, () -> {})::end,
                new Note());
        try {
            checkKey(headers);
            if (request.query().takesNothing()) {
                request.query().check();
            }
            Answer answer = found.call().answer(request);
            auditor.answered(found, request, answer);
            return answer;
        } catch (Incoming.BrokenOffException e) {
            throw e;
        } catch (Exception | Error e) {
            auditor.failed(found, request, e);
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
