package tinderbox.security.auth;

import java.util.Optional;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.Visibility;

/** Finds out who sends a request: by a token, or by the session of a browser that has logged in. */
public final class Authenticator {
    private final Tokens tokens;
    private final BrowserSessions browserSessions;
    private final RateLimits rateLimits;
    private final boolean isPrivate;

    /** Of a server on which all users see everything. */
    public Authenticator(Tokens tokens, BrowserSessions browserSessions, RateLimits rateLimits) {
        this(tokens, browserSessions, rateLimits, false);
    }

    /**
     * Knows these tokens and sessions; wrong tokens and log-ins count towards the limits.
     *
     * @param isPrivate whether submitters see only their own jobs and uploads
     */
    public Authenticator(Tokens tokens, BrowserSessions browserSessions, RateLimits rateLimits, boolean isPrivate) {
        this.isPrivate = isPrivate;
        this.tokens = tokens;
        this.browserSessions = browserSessions;
        this.rateLimits = rateLimits;
    }

    /** The rate limits of authenticated callers. */
    public RateLimits rateLimits() {
        return rateLimits;
    }

    /** The tokens, which admins can list, create and revoke. */
    public Tokens tokens() {
        return tokens;
    }

    /** Whether requests need a token. */
    public boolean isClosed() {
        return tokens.areRequired();
    }

    /** Whether submitters see only their own jobs and uploads. */
    public boolean isPrivate() {
        return isPrivate;
    }

    /** Whether a principal would still be authenticated; an event stream outlasts its request. */
    public boolean isOpenTo(Principal principal) {
        return !isClosed()
                || (principal.token() != null
                        && tokens.current(principal.token()).isPresent());
    }

    /**
     * Checks that a principal would still be authenticated, for a request that has taken long.
     *
     * @throws JobException {@link ErrorCode#BAD_TOKEN}
     */
    public void checkOpenTo(Principal principal) {
        if (!isOpenTo(principal)) {
            throw new JobException(
                    ErrorCode.BAD_TOKEN,
                    "The token was revoked or expired during the request",
                    "ask the operator of this server for another");
        }
    }

    /** The principal of a session; empty if there is no such session, or it has ended. */
    public Optional<Principal> bySession(String secret) {
        return browserSessions.find(secret).map(this::principal);
    }

    /**
     * The principal of a token.
     *
     * @param address where the request comes from
     * @throws JobException {@link ErrorCode#BAD_TOKEN}, or {@link ErrorCode#TOO_MANY_REQUESTS} after too many of those
     */
    public Principal byToken(String secret, String address) {
        return principal(token(secret, address));
    }

    /**
     * A session that has just begun.
     *
     * @param secret what the browser stores
     */
    public record LoggedIn(String secret, Principal principal) {}

    /**
     * Begins a session.
     *
     * @throws JobException as {@link #byToken}, and {@link ErrorCode#TOO_MANY_REQUESTS} after too many log-ins
     */
    public LoggedIn logIn(String secret, String address) {
        Token token = token(secret, address);
        rateLimits.countLogIn(token);
        return new LoggedIn(browserSessions.begin(token), principal(token));
    }

    /** Ends a session; false if there was none. */
    public boolean logOut(String session) {
        return browserSessions.end(session);
    }

    private Token token(String secret, String address) {
        Optional<Token> token = tokens.find(secret);
        if (token.isEmpty()) {
            rateLimits.countWrongToken(address);
            throw new JobException(
                    ErrorCode.BAD_TOKEN,
                    "The token is unknown, has been revoked or has expired",
                    "ask the operator of this server for another");
        }
        return token.get();
    }

    /**
     * What the jobs of a submitter may read: what it sees itself. If it no longer has a token, that is its own; an admin's
     * jobs read everything for as long as it has one.
     */
    public Visibility visibilityOf(String submitter) {
        return !isPrivate || submitter.equals(Principal.LOCAL.name()) || tokens.hasAdmin(submitter)
                ? Visibility.ALL
                : Visibility.ALL.only(submitter);
    }

    private Principal principal(Token token) {
        return new Principal(token.name(), token.role(), visibility(token), token);
    }

    private Visibility visibility(Token token) {
        return switch (token.role()) {
            case ADMIN -> Visibility.ALL;
            case SUBMITTER -> isPrivate ? Visibility.ALL.only(token.name()) : Visibility.ALL;
            case VIEWER -> token.sees();
        };
    }
}
