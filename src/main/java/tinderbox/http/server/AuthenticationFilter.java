package tinderbox.http.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import tinderbox.http.message.RequestOrigin;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.security.auth.Authenticator;
import tinderbox.security.auth.Principal;
import tinderbox.security.auth.Role;

/** Finds out who sends a request, by its Authorization header or by the cookie of a browser that has logged in. */
public final class AuthenticationFilter {
    private static final String BEARER = "bearer ";
    /** Whoever has one address of version 6 has as many as share this many bytes. */
    private static final int NETWORK_BYTES = 8;
    /** A user of this machine has 16 million loopback addresses. */
    private static final String THIS_MACHINE = "this machine";
    /** So many of one name are looked at. */
    private static final int MAX_COOKIES = 8;

    private final Authenticator authenticator;
    private final String cookie;

    public AuthenticationFilter(Authenticator authenticator, String cookie) {
        this.authenticator = authenticator;
        this.cookie = cookie;
    }

    /**
     * Finds out who calls.
     *
     * @param needed what the caller must be; null where anybody may call
     * @return who calls; null where anybody may and it is not known
     * @throws JobException {@link ErrorCode#UNAUTHENTICATED}, {@link ErrorCode#BAD_TOKEN}, {@link
     *     ErrorCode#TOO_MANY_REQUESTS} or {@link ErrorCode#FORBIDDEN_ORIGIN}
     */
    Principal identify(HttpServerExchange exchange, Role needed) {
        if (!authenticator.isClosed()) {
            return Principal.LOCAL;
        }
        return needed == null ? identifyIfPossible(exchange).orElse(null) : authenticate(exchange);
    }

    /**
     * Lets somebody in who is known.
     *
     * @param needed what the caller must be; null where anybody may call
     * @throws JobException {@link ErrorCode#TOO_MANY_REQUESTS} or {@link ErrorCode#FORBIDDEN}
     */
    void admit(Principal principal, Role needed) {
        if (needed == null) {
            return;
        }
        authenticator.rateLimits().countRequest(principal);
        if (!principal.role().includes(needed)) {
            throw new JobException(
                    ErrorCode.FORBIDDEN,
                    "A " + principal.role().code() + " may not do this",
                    "it takes a token of the role " + needed.code());
        }
    }

    /** Who calls where anybody may. */
    private Optional<Principal> identifyIfPossible(HttpServerExchange exchange) {
        try {
            return exchange.getRequestHeaders().contains(Headers.AUTHORIZATION)
                    ? Optional.of(authenticate(exchange))
                    : bySession(exchange);
        } catch (JobException e) {
            return Optional.empty();
        }
    }

    private Principal authenticate(HttpServerExchange exchange) {
        HeaderValues authorization = exchange.getRequestHeaders().get(Headers.AUTHORIZATION);
        if (authorization != null) {
            return authenticator.byToken(token(authorization), network(exchange));
        }
        Principal principal = bySession(exchange)
                .orElseThrow(() -> new JobException(
                        ErrorCode.UNAUTHENTICATED,
                        "This server wants to know who calls",
                        "send Authorization: Bearer and your token; in a browser, log in"));
        // A browser adds a cookie by itself, so that here it must also say which page it speaks for.
        if (OriginFilter.isChange(exchange) && !exchange.getRequestHeaders().contains(Headers.ORIGIN)) {
            throw new JobException(
                    ErrorCode.FORBIDDEN_ORIGIN,
                    "A change by a session must say which page it comes from",
                    "scripts send Authorization: Bearer and a token instead of the cookie");
        }
        return principal;
    }

    private static String token(HeaderValues authorization) {
        String value = authorization.getFirst();
        if (authorization.size() > 1 || !value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new JobException(
                    ErrorCode.UNAUTHENTICATED,
                    "The Authorization header is not one that this server takes",
                    "send one: Authorization: Bearer and your token");
        }
        return value.substring(BEARER.length()).strip();
    }

    private Optional<Principal> bySession(HttpServerExchange exchange) {
        return session(exchange.getRequestHeaders()).flatMap(authenticator::bySession);
    }

    /**
     * The secret of the session that the browser says it has; empty where it has none. Another server on this machine,
     * on another port, can have set a cookie of the same name: the one that lets somebody in counts.
     */
    private Optional<String> session(HeaderMap headers) {
        List<String> sent = sessions(headers);
        return sent.size() < 2
                ? sent.stream().findFirst()
                : sent.stream()
                        .limit(MAX_COOKIES)
                        .filter(secret -> authenticator.bySession(secret).isPresent())
                        .findFirst();
    }

    private List<String> sessions(HeaderMap headers) {
        HeaderValues cookies = headers.get(Headers.COOKIE);
        if (cookies == null) {
            return List.of();
        }
        // Not Undertow's own parser: it refuses requests for cookies that other servers on this machine have set.
        return cookies.stream()
                .flatMap(line -> Arrays.stream(line.split(";")))
                .map(String::strip)
                .filter(pair -> pair.startsWith(cookie + "="))
                .map(pair -> pair.substring(cookie.length() + 1))
                .toList();
    }

    /** Where a request of this caller comes from. */
    RequestOrigin origin(HttpServerExchange exchange, Principal principal) {
        HeaderMap headers = exchange.getRequestHeaders();
        return new RequestOrigin(
                principal,
                session(headers).orElse(null),
                address(exchange).getHostAddress(),
                network(exchange),
                holder(exchange, principal),
                exchange.getRequestScheme().equals("https")
                        || "https".equalsIgnoreCase(headers.getFirst(Headers.X_FORWARDED_PROTO)),
                AuditRecorder.isPageLoad(exchange),
                AuditRecorder.line(exchange));
    }

    private static InetAddress address(HttpServerExchange exchange) {
        return exchange.getSourceAddress().getAddress();
    }

    private String holder(HttpServerExchange exchange, Principal principal) {
        return principal == null || !authenticator.isClosed()
                ? "network " + addressOrNetwork(address(exchange))
                : "token " + principal.name();
    }

    private static String network(HttpServerExchange exchange) {
        InetAddress address = address(exchange);
        return address.isLoopbackAddress() ? THIS_MACHINE : addressOrNetwork(address);
    }

    /** What an address is counted by: itself, or of version 6 the network that it is in. */
    static String addressOrNetwork(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(address.getAddress(), 0, NETWORK_BYTES)
                : address.getHostAddress();
    }
}
