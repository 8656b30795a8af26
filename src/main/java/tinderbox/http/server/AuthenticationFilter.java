package tinderbox.http.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
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
import tinderbox.security.auth.RateLimits;
import tinderbox.security.auth.Role;

/** Authenticates requests by the Authorization header or the session cookie. */
public final class AuthenticationFilter {
    private static final HttpString RATE_LIMIT = new HttpString("RateLimit");
    private static final HttpString RATE_LIMIT_POLICY = new HttpString("RateLimit-Policy");
    private static final String BEARER = "bearer ";
    /** The IPv6 addresses that share this many bytes belong to one network. */
    private static final int NETWORK_BYTES = 8;
    /** Counts as one network, because a local user has 16 million loopback addresses. */
    private static final String THIS_MACHINE = "this machine";
    /** More session cookies than this are ignored. */
    private static final int MAX_COOKIES = 8;

    private final Authenticator authenticator;
    private final String cookie;

    public AuthenticationFilter(Authenticator authenticator, String cookie) {
        this.authenticator = authenticator;
        this.cookie = cookie;
    }

    /**
     * Identifies the principal of a request.
     *
     * @param needed the role that the route needs, or null if it is open
     * @return the principal, or null if the route is open and it is not known
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
     * Checks that a principal may use a route. The response then says what it has left of its limits.
     *
     * @param needed the role that the route needs, or null if it is open
     * @throws JobException {@link ErrorCode#TOO_MANY_REQUESTS} or {@link ErrorCode#FORBIDDEN}
     */
    void admit(HttpServerExchange exchange, Principal principal, Role needed) {
        if (needed == null) {
            return;
        }
        exchange.addResponseCommitListener(committed -> putRateLimits(committed.getResponseHeaders(), principal));
        authenticator.rateLimits().countRequest(principal);
        if (!principal.role().includes(needed)) {
            throw new JobException(
                    ErrorCode.FORBIDDEN,
                    "A " + principal.role().code() + " may not do this",
                    "use a token of the role " + needed.code());
        }
    }

    /**
     * Checks that a principal would still be authenticated.
     *
     * @throws JobException {@link ErrorCode#BAD_TOKEN}
     */
    void check(Principal principal, Role needed) {
        if (needed != null) {
            authenticator.checkOpenTo(principal);
        }
    }

    private void putRateLimits(HeaderMap headers, Principal principal) {
        RateLimits limits = authenticator.rateLimits();
        limits.left(principal).ifPresent(left -> {
            headers.put(RATE_LIMIT_POLICY, limits.policy());
            headers.put(RATE_LIMIT, left);
        });
    }

    /** The principal of a request to an open route, if it has valid credentials. */
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
                        "This request needs authentication",
                        "send Authorization: Bearer and your token; in a browser, log in"));
        // A browser adds the cookie to any request, so this one must also name the page that sent it.
        if (OriginFilter.isChange(exchange) && !exchange.getRequestHeaders().contains(Headers.ORIGIN)) {
            throw new JobException(
                    ErrorCode.FORBIDDEN_ORIGIN,
                    "A change by a session needs an Origin header",
                    "scripts send Authorization: Bearer and a token instead of the cookie");
        }
        return principal;
    }

    private static String token(HeaderValues authorization) {
        String value = authorization.getFirst();
        if (authorization.size() > 1 || !value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new JobException(
                    ErrorCode.UNAUTHENTICATED,
                    "The Authorization header is malformed",
                    "send one: Authorization: Bearer and your token");
        }
        return value.substring(BEARER.length()).strip();
    }

    private Optional<Principal> bySession(HttpServerExchange exchange) {
        return session(exchange.getRequestHeaders()).flatMap(authenticator::bySession);
    }

    /**
     * The session secret that the browser sent, if any. Another server on another port of this machine may have set a
     * cookie of the same name, so the first valid one counts.
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
        // Undertow's own parser would refuse requests because of cookies that other servers on this machine have set.
        return cookies.stream()
                .flatMap(line -> Arrays.stream(line.split(";")))
                .map(String::strip)
                .filter(pair -> pair.startsWith(cookie + "="))
                .map(pair -> pair.substring(cookie.length() + 1))
                .toList();
    }

    /** The origin of a request of this principal. */
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

    /** The address, or for IPv6 its network. */
    static String addressOrNetwork(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(address.getAddress(), 0, NETWORK_BYTES)
                : address.getHostAddress();
    }
}
