package tinderbox.http.access;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import java.net.InetAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;
import tinderbox.http.message.RequestId;
import tinderbox.security.auth.Principal;

/** Records requests in the access log once they are over. */
public final class AccessRecorder {
    private static final AttachmentKey<Principal> PRINCIPAL = AttachmentKey.create(Principal.class);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final int MAX_METHOD = 20;
    private static final int MAX_PATH = 1000;
    private static final int MAX_USER_AGENT = 200;
    private static final int BAD_REQUEST = 400;

    private final AccessLog log;

    public AccessRecorder(AccessLog log) {
        this.log = log;
    }

    /** Called when a request begins. */
    public void begin(HttpServerExchange exchange) {
        Instant time = log.now();
        long began = System.nanoTime();
        exchange.addExchangeCompleteListener((ended, next) -> {
            log.add(entry(ended, time, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)));
            next.proceed();
        });
    }

    /** Called when it is known who sends a request. */
    public static void identified(HttpServerExchange exchange, Principal principal) {
        if (principal != null) {
            exchange.putAttachment(PRINCIPAL, principal);
        }
    }

    /** Called for what cannot be parsed as a request. */
    public void unreadable(String requestId, InetAddress from) {
        log.add(new AccessEntry(
                TIME.format(log.now()),
                requestId,
                from.getHostAddress(),
                null,
                null,
                null,
                BAD_REQUEST,
                0,
                0,
                true,
                null));
    }

    private static AccessEntry entry(HttpServerExchange exchange, Instant time, long durationMs) {
        Principal principal = exchange.getAttachment(PRINCIPAL);
        return new AccessEntry(
                TIME.format(time),
                RequestId.of(exchange),
                exchange.getSourceAddress().getAddress().getHostAddress(),
                principal == null ? null : principal.name(),
                cut(exchange.getRequestMethod().toString(), MAX_METHOD),
                cut(exchange.getRequestPath(), MAX_PATH),
                exchange.isResponseStarted() ? exchange.getStatusCode() : null,
                exchange.getResponseBytesSent(),
                durationMs,
                // A response that broke off has closed it.
                exchange.getConnection().isOpen(),
                cut(exchange.getRequestHeaders().getFirst(Headers.USER_AGENT), MAX_USER_AGENT));
    }

    private static String cut(String text, int maxLength) {
        return text == null || text.length() <= maxLength ? text : text.substring(0, maxLength) + "…";
    }
}
