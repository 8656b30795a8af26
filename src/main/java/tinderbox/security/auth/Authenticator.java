package tinderbox.security.auth;

import java.time.Duration;
import java.util.Optional;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** Lets callers in: by a token, by the session of a browser that has logged in, or freely where no token is needed. */
public final class Authenticator {
    /** So many wrong tries an address has in a minute; right ones from behind the same proxy go on. */
    static final int WRONG_TRIES = 10;

    /** So many log-ins a token has in ten minutes: more than thirty people need who share it. */
    static final int LOG_INS = 120;

    private final Tokens tokens;
    private final BrowserSessions browserSessions;
    private final Rates rates;
    private final RateLimiter wrongTries = new RateLimiter(WRONG_TRIES, Duration.ofMinutes(1));
    private final RateLimiter logIns = new RateLimiter(LOG_INS, Duration.ofMinutes(10));
    private final RateLimiter requests;
    private final RateLimiter jobs;

    /**
     * How often the holder of one token may call.
     *
     * @param requestsPerSecond calls of any kind
     * @param jobsPerMinute jobs that are sent
     */
    public record Rates(int requestsPerSecond, int jobsPerMinute) {}

    /** For these tokens. */
    public Authenticator(Tokens tokens, BrowserSessions browserSessions, Rates rates) {
        this.tokens = tokens;
        this.browserSessions = browserSessions;
        this.rates = rates;
        // Twice of it at once: a page that opens, or a script that begins, asks for many things.
        this.requests = new RateLimiter(2 * rates.requestsPerSecond(), Duration.ofSeconds(2));
        this.jobs = new RateLimiter(rates.jobsPerMinute(), Duration.ofMinutes(1));
    }

    /** Whether a caller needs a token. */
    public boolean isClosed() {
        return tokens.areNeeded();
    }

    /** Whether somebody who was let in before would be now; a stream of events outlasts its request. */
    public boolean isOpenTo(Principal principal) {
        return !isClosed() || tokens.know(principal);
    }

    /** Whose session this is; empty where there is none, or it has ended. */
    public Optional<Principal> bySession(String secret) {
        return browserSessions.find(secret).map(Authenticator::caller);
    }

    /**
     * Whose token this is.
     *
     * @param address where the call comes from
     * @throws JobException {@link ErrorCode#BAD_TOKEN}, or {@link ErrorCode#TOO_MANY_REQUESTS} after too many of those
     */
    public Principal byToken(String secret, String address) {
        return caller(token(secret, address));
    }

    /**
     * A session that has just begun.
     *
     * @param secret what the browser keeps
     * @param principal whose it is
     */
    public record LoggedIn(String secret, Principal principal) {}

    /**
     * Begins a session.
     *
     * @throws JobException as {@link #byToken}, and {@link ErrorCode#TOO_MANY_REQUESTS} after too many log-ins
     */
    public LoggedIn logIn(String token, String address) {
        Token found = token(token, address);
        if (!logIns.take(found.name())) {
            throw tooMany(
                    "There were more than " + LOG_INS + " log-ins with this token in ten minutes",
                    "go on with a session that there is, or log in a little later",
                    logIns.secondsToNext(found.name()));
        }
        return new LoggedIn(browserSessions.begin(found), caller(found));
    }

    /** Ends a session; answers whether there was one. */
    public boolean logOut(String session) {
        return browserSessions.end(session);
    }

    private Token token(String secret, String address) {
        Optional<Token> token = tokens.find(secret);
        if (token.isPresent()) {
            return token.get();
        }
        if (!wrongTries.take(address)) {
            throw tooMany(
                    "There were too many wrong tokens from this address",
                    "a right one is taken at once",
                    wrongTries.secondsToNext(address));
        }
        throw new JobException(
                ErrorCode.BAD_TOKEN,
                "The token is not known here, has been revoked or has expired",
                "ask whoever runs this server for another");
    }

    private static Principal caller(Token token) {
        return new Principal(token.name(), token.role());
    }

    /**
     * Counts a call of somebody with a token.
     *
     * @throws JobException {@link ErrorCode#TOO_MANY_REQUESTS}
     */
    public void countRequest(Principal principal) {
        if (isClosed() && !requests.take(principal.name())) {
            throw tooMany(
                    "This token has called more than " + rates.requestsPerSecond() + " times a second",
                    "call less often; ?wait= and the event streams tell of changes without asking again and again",
                    requests.secondsToNext(principal.name()));
        }
    }

    /**
     * Counts a job that somebody with a token sends.
     *
     * @throws JobException {@link ErrorCode#TOO_MANY_REQUESTS}
     */
    public void countJob(Principal principal) {
        if (isClosed() && !jobs.take(principal.name())) {
            throw tooMany(
                    "This token has sent more than " + rates.jobsPerMinute() + " jobs a minute",
                    "send the job again a little later",
                    jobs.secondsToNext(principal.name()));
        }
    }

    private static JobException tooMany(String message, String hint, long seconds) {
        return JobException.retryAfter(ErrorCode.TOO_MANY_REQUESTS, message, hint, Duration.ofSeconds(seconds));
    }
}
