package tinderbox.http.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tinderbox.dataset.Uploads;
import tinderbox.http.message.Request;
import tinderbox.http.message.RequestOrigin;
import tinderbox.http.message.Response;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.security.audit.AuditAction;
import tinderbox.security.audit.AuditEvent;
import tinderbox.security.audit.AuditLog;
import tinderbox.security.auth.RateLimiter;

/** Records requests that change something, and those that are refused, in the audit log. */
public final class AuditRecorder {
    /**
     * How many failures per minute are recorded for each token, or for each network if the principal is not known. Of
     * others only the number is recorded.
     */
    private static final int MAX_FAILURES = 60;

    /** The same for all unknown principals together, because they may have many addresses. */
    private static final int MAX_ANONYMOUS_FAILURES = 300;

    /** A path may be as long as the head of a request. */
    private static final int MAX_LINE_CHARS = 200;

    /** Those whose entry has what the request says. */
    private static final Set<AuditAction> HAVE_PARAMS = Set.of(
            AuditAction.SUBMIT,
            AuditAction.EDIT,
            AuditAction.RUN_SET_SUBMIT,
            AuditAction.RUN_SET_EDIT,
            AuditAction.PRESET_CREATE,
            AuditAction.PRESET_CHANGE);

    private static final String ANYBODY = "anybody";
    private static final HttpString FETCH_SITE = new HttpString("Sec-Fetch-Site");
    private static final String OWN_PAGE = "same-origin";

    private static final String NAME = "name";
    private static final int OK = 200;

    private final AuditLog log;
    private final RateLimiter failures = new RateLimiter(MAX_FAILURES, Duration.ofMinutes(1));
    private final RateLimiter anonymous = new RateLimiter(MAX_ANONYMOUS_FAILURES, Duration.ofMinutes(1));

    public AuditRecorder(AuditLog log) {
        this.log = log;
    }

    /** Records a request that was handled. */
    void recordResponse(Router.RouteMatch routeMatch, Request request, Response response) {
        if (routeMatch.route().action() == null || request.auditDetails().hasNothingToRecord()) {
            return;
        }
        int status = response instanceof Response.Complete complete ? complete.status() : OK;
        log.append(event(routeMatch, request, target(routeMatch, request), status, null));
    }

    /** Records one of the changes of a request that makes many; {@code code} is null unless it was refused. */
    void recordPart(Router.RouteMatch routeMatch, Request request, String target, int status, ErrorCode code) {
        AuditEvent event = event(routeMatch, request, target, status, code);
        if (code == null) {
            log.append(event);
        } else {
            appendFailure(request.requestOrigin(), event);
        }
    }

    /** Records a request that was refused or failed. */
    void recordFailure(Router.RouteMatch routeMatch, Request request, Throwable thrown) {
        ErrorCode code = thrown instanceof JobException refused ? refused.code() : ErrorCode.INTERNAL;
        boolean isRefusal = isRefusal(code);
        RequestOrigin requestOrigin = request.requestOrigin();
        if ((routeMatch.route().action() == null && !isRefusal)
                || (code == ErrorCode.UNAUTHENTICATED && requestOrigin.isPageLoad())) {
            return;
        }
        AuditEvent event = event(routeMatch, request, target(routeMatch, request), ErrorMapper.status(code), code);
        appendFailure(requestOrigin, event);
    }

    /** Of too many failures, only some are recorded. */
    private void appendFailure(RequestOrigin requestOrigin, AuditEvent event) {
        if (requestOrigin.principal() != null) {
            if (failures.take("token " + requestOrigin.principal().name())) {
                log.append(event);
            } else {
                log.skip(requestOrigin.network());
            }
        } else if (failures.take(requestOrigin.network()) && anonymous.take(ANYBODY)) {
            log.appendAnonymous(event, requestOrigin.network());
        } else {
            log.skip(requestOrigin.network());
        }
    }

    /** True if the request was refused because of who sent it. */
    private static boolean isRefusal(ErrorCode code) {
        return switch (code.kind()) {
            case UNAUTHENTICATED, FORBIDDEN, MISDIRECTED, TOO_MANY -> true;
            default -> false;
        };
    }

    private static AuditEvent event(
            Router.RouteMatch routeMatch, Request request, String target, int status, ErrorCode code) {
        RequestOrigin requestOrigin = request.requestOrigin();
        Map<String, Object> params = new LinkedHashMap<>();
        AuditAction action = routeMatch.route().action() == null
                ? AuditAction.REFUSED
                : routeMatch.route().action();
        if (action == AuditAction.REFUSED) {
            params.put("request", requestOrigin.line());
        } else if (HAVE_PARAMS.contains(action)
                && requestOrigin.principal() != null
                && (code == null || !isRefusal(code))) {
            // What the role may not submit would only fill the log.
            params.putAll(request.body().objectOrEmpty());
        } else if (action == AuditAction.RENAME_DATASET && (code == null || !isRefusal(code))) {
            params.put("to", request.body().objectOrEmpty().get("to"));
        } else if (action == AuditAction.RERUN) {
            params.put("of", routeMatch.captured().get("id"));
        }
        return new AuditEvent(
                requestOrigin.principal() == null
                        ? null
                        : requestOrigin.principal().name(),
                requestOrigin.principal() == null
                        ? null
                        : requestOrigin.principal().role().code(),
                requestOrigin.address(),
                action,
                target,
                params,
                status,
                code == null ? null : code.code(),
                request.id());
    }

    private static String target(Router.RouteMatch routeMatch, Request request) {
        if (request.auditDetails().target() != null) {
            return request.auditDetails().target();
        }
        Map<String, String> captured = routeMatch.captured();
        String name = captured.get(NAME);
        return name == null ? captured.getOrDefault("id", captured.get("token")) : Uploads.ROOT + "/" + name;
    }

    /**
     * True if the page of this server loads data. Before somebody logs in, such a request is refused but not recorded.
     */
    static boolean isPageLoad(HttpServerExchange exchange) {
        return !OriginFilter.isChange(exchange)
                && !exchange.getRequestHeaders().contains(Headers.AUTHORIZATION)
                && OWN_PAGE.equals(exchange.getRequestHeaders().getFirst(FETCH_SITE));
    }

    /** The method and path of a request, shortened. The query is left out because it may contain anything. */
    static String line(HttpServerExchange exchange) {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestPath();
        return line.length() <= MAX_LINE_CHARS ? line : line.substring(0, MAX_LINE_CHARS) + "…";
    }
}
