package tinderbox.http.server;

import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tinderbox.http.message.Handler;
import tinderbox.http.message.Request;
import tinderbox.security.audit.AuditAction;
import tinderbox.security.auth.Role;

/**
 * One line of the route table.
 *
 * @param method the HTTP method
 * @param template the path's segments; one in braces stands for any that is not empty
 * @param handler what answers
 * @param parameters every query parameter that the call takes
 * @param streamed whether the call reads the body as it comes in, by {@link Request#streamingBody}
 * @param eventStream whether it is a stream of events, which no foreign page may follow
 * @param role what the caller must be; null where anybody may call
 * @param action what it is in the audit log; null where it changes nothing
 */
public record Route(
        HttpString method,
        List<String> template,
        Handler handler,
        List<String> parameters,
        boolean streamed,
        boolean eventStream,
        Role role,
        AuditAction action) {
    public static Route get(String path, Handler handler, String... parameters) {
        return of(Methods.GET, path, handler, false, Role.VIEWER, parameters);
    }

    public static Route post(String path, Handler handler, String... parameters) {
        return of(Methods.POST, path, handler, false, Role.SUBMITTER, parameters);
    }

    public static Route delete(String path, Handler handler, String... parameters) {
        return of(Methods.DELETE, path, handler, false, Role.SUBMITTER, parameters);
    }

    /** A PUT whose body is read as it comes in. */
    public static Route upload(String path, Handler handler, String... parameters) {
        return of(Methods.PUT, path, handler, true, Role.SUBMITTER, parameters);
    }

    /** A GET whose answer is a stream of events. */
    public static Route events(String path, Handler handler) {
        Route get = get(path, handler);
        return new Route(get.method, get.template, handler, get.parameters, get.streamed, true, get.role, get.action);
    }

    private static Route of(
            HttpString method, String path, Handler handler, boolean streamed, Role role, String... parameters) {
        return new Route(
                method,
                List.of(path.substring(1).split("/")),
                handler,
                List.of(parameters),
                streamed,
                false,
                role,
                null);
    }

    /** The same for anybody, also without a token. */
    public Route open() {
        return needs(null);
    }

    /** The same for those who have a role. */
    public Route needs(Role needed) {
        return new Route(method, template, handler, parameters, streamed, eventStream, needed, action);
    }

    /** The same, written down as this. */
    public Route as(AuditAction what) {
        return new Route(method, template, handler, parameters, streamed, eventStream, role, what);
    }

    /** The segments that the braces stand for, by name; empty where the path is another. */
    Optional<Map<String, String>> match(List<String> segments) {
        if (segments.size() != template.size()) {
            return Optional.empty();
        }
        Map<String, String> captured = new LinkedHashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String expected = template.get(i);
            if (expected.startsWith("{") && !segments.get(i).isEmpty()) {
                captured.put(expected.substring(1, expected.length() - 1), segments.get(i));
            } else if (!expected.equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(captured);
    }
}
