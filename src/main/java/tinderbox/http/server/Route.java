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
 * One row of the route table.
 *
 * @param method the HTTP method
 * @param template the segments of the path; one in braces matches any segment that is not empty, with {@code ...} before
 *     the closing brace all that are left
 * @param handler handles the request
 * @param parameters the query parameters that the endpoint takes, or null if it ignores all
 * @param kind how the request is read and its response written
 * @param role the role that the principal needs, or null if anybody may send the request
 * @param action the entry in the audit log, or null if the endpoint changes nothing
 */
public record Route(
        HttpString method,
        List<String> template,
        Handler handler,
        List<String> parameters,
        Kind kind,
        Role role,
        AuditAction action) {
    private static final String REST = "...}";

    /** How a request is read and its response written. */
    enum Kind {
        /** The body is read before the handler runs. */
        PLAIN,
        /** The handler reads the body as it arrives, through {@link Request#streamingBody}. */
        UPLOAD,
        /** The response is a stream of events, which pages of other origins may not open. */
        EVENT_STREAM,
        /** The response is a file of the page. */
        FILE
    }

    public static Route get(String path, Handler handler, String... parameters) {
        return of(Methods.GET, path, handler, Kind.PLAIN, Role.VIEWER, parameters);
    }

    public static Route post(String path, Handler handler, String... parameters) {
        return of(Methods.POST, path, handler, Kind.PLAIN, Role.SUBMITTER, parameters);
    }

    /** Its handler checks {@link Request#ifMatch}. */
    public static Route patch(String path, Handler handler, String... parameters) {
        return of(Methods.PATCH, path, handler, Kind.PLAIN, Role.SUBMITTER, parameters);
    }

    public static Route delete(String path, Handler handler, String... parameters) {
        return of(Methods.DELETE, path, handler, Kind.PLAIN, Role.SUBMITTER, parameters);
    }

    /** A PUT whose handler reads the body as it arrives. */
    public static Route upload(String path, Handler handler, String... parameters) {
        return of(Methods.PUT, path, handler, Kind.UPLOAD, Role.SUBMITTER, parameters);
    }

    /** A GET whose response is a stream of events. */
    public static Route events(String path, Handler handler, String... parameters) {
        return of(Methods.GET, path, handler, Kind.EVENT_STREAM, Role.VIEWER, parameters);
    }

    private static Route of(
            HttpString method, String path, Handler handler, Kind kind, Role role, String... parameters) {
        List<String> template = List.of(path.substring(1).split("/"));
        return new Route(method, template, handler, List.of(parameters), kind, role, null);
    }

    /** A file of the page, for anybody. */
    static Route file(Handler handler) {
        return new Route(Methods.GET, List.of(), handler, null, Kind.FILE, null, null);
    }

    /** A response that does not depend on the method or the path, for anybody. */
    static Route always(Handler handler) {
        return new Route(null, List.of(), handler, null, Kind.PLAIN, null, null);
    }

    /** The same for anybody, also without a token. */
    public Route open() {
        return needs(null);
    }

    /** The same for principals that have a role. */
    public Route needs(Role needed) {
        return new Route(method, template, handler, parameters, kind, needed, action);
    }

    /** The same, recorded in the audit log as {@code recorded}. */
    public Route as(AuditAction recorded) {
        return new Route(method, template, handler, parameters, kind, role, recorded);
    }

    /** What the metrics call it: its template, such as {@code /api/v1/jobs/{id}}, or {@code page} for any file of the page. */
    String name() {
        return kind == Kind.FILE ? "page" : "/" + String.join("/", template).replace(REST, "}");
    }

    /** The segments that match the braces, by name; empty if the path does not match. */
    Optional<Map<String, String>> match(List<String> segments) {
        int last = template.size() - 1;
        boolean takesRest = last >= 0 && template.get(last).endsWith(REST);
        if (takesRest ? segments.size() <= last : segments.size() != template.size()) {
            return Optional.empty();
        }
        Map<String, String> captured = new LinkedHashMap<>();
        for (int i = 0; i < template.size(); i++) {
            String expected = template.get(i);
            boolean isRest = takesRest && i == last;
            String segment = isRest ? String.join("/", segments.subList(i, segments.size())) : segments.get(i);
            if (expected.startsWith("{") && !segment.isEmpty()) {
                captured.put(expected.substring(1, expected.length() - (isRest ? REST.length() : 1)), segment);
            } else if (!expected.equals(segment)) {
                return Optional.empty();
            }
        }
        return Optional.of(captured);
    }
}
