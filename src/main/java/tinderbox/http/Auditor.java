package tinderbox.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tinderbox.dataset.Uploads;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.security.AuditAction;
import tinderbox.security.AuditEvent;
import tinderbox.security.AuditLog;
import tinderbox.security.Budget;

/** Writes down what came of the requests that change something, and of those that are turned away. */
final class Auditor {
    /** Of so many refusals a minute each address has every one written down; of more, one now and then. */
    private static final int REFUSALS = 60;

    private static final String NAME = "name";

    private final AuditLog log;
    private final Budget refusals = new Budget(REFUSALS, Duration.ofMinutes(1));

    Auditor(AuditLog log) {
        this.log = log;
    }

    /** A request was answered. */
    void answered(Router.Found found, Request request, Answer answer) {
        if (found.action() == null) {
            return;
        }
        Answer.Ready ready = answer instanceof Answer.Ready it ? it : null;
        String location = ready == null ? null : ready.headers().get(Headers.LOCATION);
        boolean creates = found.action() == AuditAction.SUBMIT || found.action() == AuditAction.RERUN;
        String target = creates && location != null ? location.substring(location.lastIndexOf('/') + 1) : target(found);
        append(found, request, target, ready == null ? 200 : ready.status(), null);
    }

    /** A request was turned away, or failed. */
    void failed(Router.Found found, Request request, Throwable thrown) {
        ErrorCode code = thrown instanceof JobException refused ? refused.code() : ErrorCode.INTERNAL;
        boolean isRefusal = switch (code.kind()) {
            case UNAUTHENTICATED, FORBIDDEN, MISDIRECTED, TOO_MANY -> true;
            default -> false;
        };
        if (found.action() != null || isRefusal) {
            if (isRefusal && !refusals.take(request.sender().network())) {
                return;
            }
            append(found, request, target(found), Problems.status(code.kind()).code(), code.code());
        }
    }

    private void append(Router.Found found, Request request, String target, int status, String code) {
        Sender sender = request.sender();
        Map<String, Object> params = new LinkedHashMap<>();
        AuditAction action = found.action() == null ? AuditAction.REFUSED : found.action();
        if (action == AuditAction.REFUSED) {
            params.put("request", sender.line());
        } else if (action == AuditAction.SUBMIT) {
            params.putAll(request.body().sent());
        } else if (action == AuditAction.RERUN) {
            params.put("of", found.captured().get("id"));
        }
        log.append(new AuditEvent(
                sender.caller() == null ? null : sender.caller().name(),
                sender.caller() == null ? null : sender.caller().role().code(),
                sender.address(),
                action,
                target,
                params,
                status,
                code,
                request.id()));
    }

    private static String target(Router.Found found) {
        String name = found.captured().get(NAME);
        return name == null ? found.captured().get("id") : Uploads.ROOT + "/" + name;
    }

    /** What a request was, in a line: its method and path, without a query, which may hold anything. */
    static String line(HttpServerExchange exchange) {
        return exchange.getRequestMethod() + " " + exchange.getRequestPath();
    }
}
