package tinderbox.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
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
    /**
     * Of so many failures a minute of each token, or each address if it is not known who calls, every one is written
     * down; of more, only their number.
     */
    private static final int FAILURES = 60;

    /** The same for all together of whom it is not known who they are: they may have many addresses. */
    private static final int ANONYMOUS_FAILURES = 300;

    /** In characters; a path may be as long as the head of a request. */
    private static final int LONGEST_LINE = 200;

    private static final String ANYBODY = "anybody";
    private static final HttpString FETCH_SITE = new HttpString("Sec-Fetch-Site");
    private static final String OWN_PAGE = "same-origin";

    private static final String NAME = "name";
    private static final int OK = 200;

    private final AuditLog log;
    private final Budget failures = new Budget(FAILURES, Duration.ofMinutes(1));
    private final Budget anonymous = new Budget(ANONYMOUS_FAILURES, Duration.ofMinutes(1));

    Auditor(AuditLog log) {
        this.log = log;
    }

    /** A request was answered. */
    void answered(Router.Found found, Request request, Answer answer) {
        if (found.action() == null || request.note().isNothingDone()) {
            return;
        }
        int status = answer instanceof Answer.Ready ready ? ready.status() : OK;
        log.append(event(found, request, status, null));
    }

    /** A request was turned away, or failed. */
    void failed(Router.Found found, Request request, Throwable thrown) {
        ErrorCode code = thrown instanceof JobException refused ? refused.code() : ErrorCode.INTERNAL;
        boolean isRefusal = isRefusal(code);
        Sender sender = request.sender();
        if ((found.action() == null && !isRefusal) || (code == ErrorCode.UNAUTHENTICATED && sender.isPageLoad())) {
            return;
        }
        AuditEvent event = event(found, request, Problems.status(code.kind()).code(), code);
        if (sender.caller() != null) {
            if (failures.take("token " + sender.caller().name())) {
                log.append(event);
            } else {
                log.skip(sender.network());
            }
        } else if (failures.take(sender.network()) && anonymous.take(ANYBODY)) {
            log.appendAnonymous(event, sender.network());
        } else {
            log.skip(sender.network());
        }
    }

    /** Whether it was turned away for who sent it, before anybody looked at what was asked for. */
    private static boolean isRefusal(ErrorCode code) {
        return switch (code.kind()) {
            case UNAUTHENTICATED, FORBIDDEN, MISDIRECTED, TOO_MANY -> true;
            default -> false;
        };
    }

    private static AuditEvent event(Router.Found found, Request request, int status, ErrorCode code) {
        Sender sender = request.sender();
        Map<String, Object> params = new LinkedHashMap<>();
        AuditAction action = found.action() == null ? AuditAction.REFUSED : found.action();
        if (action == AuditAction.REFUSED) {
            params.put("request", sender.line());
        } else if (action == AuditAction.SUBMIT && sender.caller() != null && (code == null || !isRefusal(code))) {
            // What a role may not send at all would only fill the log.
            params.putAll(request.body().sent());
        } else if (action == AuditAction.RERUN) {
            params.put("of", found.captured().get("id"));
        }
        return new AuditEvent(
                sender.caller() == null ? null : sender.caller().name(),
                sender.caller() == null ? null : sender.caller().role().code(),
                sender.address(),
                action,
                target(found, request),
                params,
                status,
                code == null ? null : code.code(),
                request.id());
    }

    private static String target(Router.Found found, Request request) {
        if (request.note().target() != null) {
            return request.note().target();
        }
        String name = found.captured().get(NAME);
        return name == null ? found.captured().get("id") : Uploads.ROOT + "/" + name;
    }

    /**
     * Whether a browser asks for something to show, on behalf of this server's own page. Before somebody logs in, that is
     * no attempt at anything.
     */
    static boolean isPageLoad(HttpServerExchange exchange) {
        return !Gate.isChange(exchange)
                && !exchange.getRequestHeaders().contains(Headers.AUTHORIZATION)
                && OWN_PAGE.equals(exchange.getRequestHeaders().getFirst(FETCH_SITE));
    }

    /** What a request was, in a short line: its method and path, without a query, which may hold anything. */
    static String line(HttpServerExchange exchange) {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestPath();
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
    }
}
