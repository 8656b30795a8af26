package tinderbox.http.server;

import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tinderbox.http.message.Handler;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.security.audit.AuditAction;
import tinderbox.security.auth.Role;

/** Finds the route of a request; paths match exactly, and a slash too many is another path. */
public final class Router {
    private static final String API = "api";
    private static final Duration STARTED_SOON = Duration.ofSeconds(1);

    private final List<Route> routes;
    private final Function<List<String>, Handler> others;

    private Router(List<Route> routes, Function<List<String>, Handler> others) {
        this.routes = routes;
        this.others = others;
    }

    /** Routes by this table, and what is not in it to the files of the page. */
    public Router(List<Route> routes, StaticFiles files) {
        this(routes, segments -> file(files, segments));
    }

    /** The same while the server starts: the rest of the API is not there yet, and the files may be on their way. */
    public static Router starting(List<Route> routes, CompletableFuture<StaticFiles> files) {
        return new Router(routes, segments -> {
            if (segments.get(0).equals(API)) {
                throw JobException.retryAfter(
                        ErrorCode.NOT_READY,
                        "The server is starting",
                        "send the request again in a moment",
                        STARTED_SOON);
            }
            return request -> file(files.join(), segments).handle(request);
        });
    }

    private static Handler file(StaticFiles files, List<String> segments) {
        return files.find(segments).orElseThrow(Router::pathNotFound)::answer;
    }

    /**
     * Everything that a path can do.
     *
     * @throws JobException {@link ErrorCode#PATH_NOT_FOUND} where there is no such path, {@link ErrorCode#NOT_READY}
     *     where there is none yet
     */
    RouteGroup find(List<String> segments) {
        Map<HttpString, RouteMatch> methods = new LinkedHashMap<>();
        for (Route route : routes) {
            route.match(segments).ifPresent(captured -> methods.put(route.method(), RouteMatch.of(route, captured)));
        }
        if (!methods.isEmpty()) {
            return new RouteGroup(methods);
        }
        return new RouteGroup(Map.of(Methods.GET, RouteMatch.file(others.apply(segments))));
    }

    private static JobException pathNotFound() {
        return new JobException(
                ErrorCode.PATH_NOT_FOUND,
                "There is nothing at this path",
                "the API begins at /api/v1/jobs; paths do not end with a slash");
    }

    /**
     * A path that is there.
     *
     * @param methods what answers, by method; HEAD is not in it, since it goes where GET goes
     */
    record RouteGroup(Map<HttpString, RouteMatch> methods) {
        /** What answers this method; empty where none does. */
        Optional<RouteMatch> on(HttpString method) {
            return Optional.ofNullable(methods.get(method.equals(Methods.HEAD) ? Methods.GET : method));
        }

        /** The Allow header. */
        String allow() {
            return methods.keySet().stream()
                    .flatMap(method -> method.equals(Methods.GET) ? Stream.of(method, Methods.HEAD) : Stream.of(method))
                    .map(HttpString::toString)
                    .collect(Collectors.joining(", ", "", ", OPTIONS"));
        }
    }

    /**
     * What answers a request.
     *
     * @param handler the handler
     * @param captured what the braces in the template stand for
     * @param parameters the query parameters that the call takes, or null where any is ignored
     * @param streamed whether the call reads the body as it comes in
     * @param isEventStream whether the answer is a stream of events
     * @param isFile whether it is a file of the page
     * @param role what the caller must be; null where anybody may call
     * @param action what it is in the audit log; null where it changes nothing
     */
    record RouteMatch(
            Handler handler,
            Map<String, String> captured,
            List<String> parameters,
            boolean streamed,
            boolean isEventStream,
            boolean isFile,
            Role role,
            AuditAction action) {
        static RouteMatch of(Route route, Map<String, String> captured) {
            return new RouteMatch(
                    route.handler(),
                    captured,
                    route.parameters(),
                    route.streamed(),
                    route.eventStream(),
                    false,
                    route.role(),
                    route.action());
        }

        /** The same, refused: all that is left to do is to say so. */
        RouteMatch refusing(RuntimeException why) {
            return new RouteMatch(
                    request -> {
                        throw why;
                    },
                    captured,
                    null,
                    false,
                    isEventStream,
                    isFile,
                    role,
                    action);
        }

        /** What answers whatever the rest of the request is. */
        static RouteMatch always(Handler handler) {
            return new RouteMatch(handler, Map.of(), null, false, false, false, null, null);
        }

        /** A file of the page, for anybody. */
        static RouteMatch file(Handler handler) {
            return new RouteMatch(handler, Map.of(), null, false, false, true, null, null);
        }
    }
}
