package tinderbox.http;

import io.undertow.server.HttpServerExchange;
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
    private static final int OK = 200;

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
        int status = answer instanceof Answer.Ready ready ? ready.status() : OK;
        append(found, request, status, null);
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
            append(found, request, Problems.status(code.kind()).code(), code.code());
        }
    }

    private void append(Router.Found found, Request request, int status, String code) {
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
                target(found, request),
                params,
                status,
                code,
                request.id()));
    }

    private static String target(Router.Found found, Request request) {
        if (request.note().target() != null) {
            return request.note().target();
        }
        String name = found.captured().get(NAME);
        return name == null ? found.captured().get("id") : Uploads.ROOT + "/" + name;
    }

    /** What a request was, in a line: its method and path, without a query, which may hold anything. */
    static String line(HttpServerExchange exchange) {
        return exchange.getRequestMethod() + " " + exchange.getRequestPath();
    }
}
