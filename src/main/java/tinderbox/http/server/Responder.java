package tinderbox.http.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.MDC;
import org.xnio.IoUtils;
import tinderbox.http.message.AcceptHeader;
import tinderbox.http.message.ClientConnection;
import tinderbox.http.message.RequestId;
import tinderbox.http.message.Response;
import tinderbox.http.message.ResponseBody;
import tinderbox.http.message.StreamingBody;

/** Produces responses and sends them. */
public final class Responder {
    /** In log4j2.xml and log-event.json: the id of the request for which a thread works. */
    private static final String REQUEST_ID = "request_id";

    private Responder() {}

    /** Sends the response of {@code producer}, or the problem that it throws. Runs on the calling thread. */
    public static void respond(HttpServerExchange exchange, Response.Producer producer) {
        withRequestId(exchange, () -> produceAndSend(exchange, producer));
    }

    /** What {@code work} logs has the id of the request. */
    static void withRequestId(HttpServerExchange exchange, Runnable work) {
        MDC.put(REQUEST_ID, RequestId.of(exchange));
        try {
            work.run();
        } finally {
            MDC.remove(REQUEST_ID);
        }
    }

    private static void produceAndSend(HttpServerExchange exchange, Response.Producer producer) {
        Response response;
        Response.OpenStream stream = null;
        try {
            response = producer.produce();
            if (response instanceof Response.Stream streamed) {
                response = streamed.headers();
                if (!isHead(exchange)) {
                    stream = streamed.opener().open(exchange);
                }
            }
            if (response instanceof Response.Complete complete) {
                String codings =
                        AcceptHeader.joined(exchange.getRequestHeaders().get(Headers.ACCEPT_ENCODING));
                response = ConditionalRequests.apply(exchange, GzipEncoder.apply(codings, complete));
            }
        } catch (StreamingBody.DisconnectedException e) {
            ClientConnection.disconnect(exchange);
            return;
        } catch (Throwable t) {
            if (stream != null) {
                stream.abandon();
                stream = null;
            }
            response = ErrorMapper.response(t, RequestId.of(exchange));
        }
        if (stream != null) {
            open(exchange, (Response.Complete) response, stream);
            return;
        }
        if (response instanceof Response.Deferred deferred) {
            exchange.dispatch(SameThreadExecutor.INSTANCE, () -> await(exchange, deferred));
        } else {
            send(exchange, (Response.Complete) response);
        }
    }

    private static void open(HttpServerExchange exchange, Response.Complete response, Response.OpenStream stream) {
        // What the client sends during the stream is dropped, so the connection ends with the stream.
        exchange.setPersistent(false);
        begin(exchange, response);
        exchange.dispatch(exchange.getIoThread(), stream::start);
    }

    /** A client that disconnects, or sends another request, ends the wait. */
    private static void await(HttpServerExchange exchange, Response.Deferred deferred) {
        RequestMeasurement.of(exchange).waits();
        Runnable end = () -> deferred.until().cancel(false);
        DisconnectWatcher watch = DisconnectWatcher.watch(exchange, end, end);
        var unused = deferred.until().whenComplete((value, failure) -> {
            watch.end();
            if (exchange.getConnection().isOpen()) {
                resume(exchange, deferred.then());
            }
        });
    }

    private static void resume(HttpServerExchange exchange, Response.Producer producer) {
        try {
            exchange.dispatch(again -> respond(exchange, producer));
        } catch (RejectedExecutionException e) {
            ClientConnection.disconnect(exchange);
        }
    }

    private static void begin(HttpServerExchange exchange, Response.Complete response) {
        RequestMeasurement.of(exchange).responds();
        exchange.setStatusCode(response.status());
        putHeaders(exchange.getResponseHeaders(), response);
        if (!exchange.isRequestComplete()) {
            handleUnreadBody(exchange);
        }
    }

    private static boolean isHead(HttpServerExchange exchange) {
        return exchange.getRequestMethod().equals(Methods.HEAD);
    }

    private static void send(HttpServerExchange exchange, Response.Complete response) {
        begin(exchange, response);
        ResponseBody body = response.body();
        if (body == null) {
            exchange.endExchange();
            return;
        }
        if (body.size() >= 0) {
            exchange.setResponseContentLength(body.size());
        }
        if (isHead(exchange)) {
            endHead(exchange, body);
        } else {
            new ResponseWriter(exchange, body).writeNext();
        }
    }

    /**
     * Handles a body that has not been read. A client that got no 100 Continue may send the body or the next request, so
     * the connection is closed after the response. Otherwise Undertow reads the rest after the response, because a client
     * may read the response only after it has sent everything. Undertow does not do so on a connection that is not
     * persistent, so such a connection is closed here when the exchange is complete.
     */
    private static void handleUnreadBody(HttpServerExchange exchange) {
        if (HttpContinue.requiresContinueResponse(exchange)) {
            exchange.setPersistent(false);
        } else if (!exchange.isPersistent()) {
            exchange.setPersistent(true);
            exchange.addExchangeCompleteListener((ended, next) -> {
                IoUtils.safeClose(ended.getConnection());
                next.proceed();
            });
        }
    }

    /** The headers of the response replace those that are set; only Vary is combined. */
    private static void putHeaders(HeaderMap headers, Response.Complete response) {
        String varies = headers.getFirst(Headers.VARY);
        response.headers().forEach(headers::put);
        if (varies != null && response.headers().containsKey(Headers.VARY)) {
            headers.put(Headers.VARY, varies + ", " + headers.getFirst(Headers.VARY));
        }
    }

    private static void endHead(HttpServerExchange exchange, ResponseBody body) {
        IoUtils.safeClose(body);
        if (body.size() < 0) {
            // Once the channel is taken, Undertow does not set a length of 0.
            exchange.getResponseChannel();
        }
        exchange.endExchange();
    }
}
