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

/** Finds the route of a request. Paths match exactly; a path with a slash too many is a different one. */
public final class Router {
    private static final String API = "api";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final List<Route> routes;
    private final Function<List<String>, Handler> fallback;

    private Router(List<Route> routes, Function<List<String>, Handler> others) {
        this.routes = routes;
        this.fallback = others;
    }

    /** Routes by this table. Paths that are not in it are files of the page. */
    public Router(List<Route> routes, StaticFiles files) {
        this(routes, segments -> file(files, segments));
    }

    /** Routes while the server starts: the rest of the API is not ready yet, and the files may still be loading. */
    public static Router starting(List<Route> routes, CompletableFuture<StaticFiles> files) {
        return new Router(routes, segments -> {
            if (segments.get(0).equals(API)) {
                throw JobException.retryAfter(
                        ErrorCode.NOT_READY,
                        "The server is starting",
                        "send the request again in a moment",
                        RETRY_AFTER);
            }
            return request -> file(files.join(), segments).handle(request);
        });
    }

    private static Handler file(StaticFiles files, List<String> segments) {
        return files.find(segments).orElseThrow(Router::pathNotFound)::handle;
    }

    /**
     * Returns the routes of a path.
     *
     * @throws JobException {@link ErrorCode#PATH_NOT_FOUND}, or {@link ErrorCode#NOT_READY} while the server starts
     */
    RouteGroup find(List<String> segments) {
        Map<HttpString, RouteMatch> methods = new LinkedHashMap<>();
        for (Route route : routes) {
            route.match(segments).ifPresent(captured -> methods.put(route.method(), new RouteMatch(route, captured)));
        }
        if (!methods.isEmpty()) {
            return new RouteGroup(methods);
        }
        return new RouteGroup(Map.of(Methods.GET, new RouteMatch(Route.file(fallback.apply(segments)), Map.of())));
    }

    private static JobException pathNotFound() {
        return new JobException(
                ErrorCode.PATH_NOT_FOUND,
                "There is nothing at this path",
                "the API begins at /api/v1/jobs; paths do not end with a slash");
    }

    /**
     * The routes of one path.
     *
     * @param methods the routes by method; HEAD is not among them, because it uses the route of GET
     */
    record RouteGroup(Map<HttpString, RouteMatch> methods) {
        /** The route of a method, or empty if the path does not take it. */
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
     * The route of a request.
     *
     * @param captured the segments that match the braces of the template, by name
     */
    record RouteMatch(Route route, Map<String, String> captured) {}
}
