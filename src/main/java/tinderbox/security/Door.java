package tinderbox.security;

import java.time.Duration;
import java.util.Optional;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** Lets callers in: by a token, by the session of a browser that has logged in, or freely where no token is needed. */
public final class Door {
    /** So many wrong tries an address has in a minute; right ones from behind the same proxy go on. */
    static final int WRONG_TRIES = 10;

    /** So many log-ins a token has in ten minutes: more than thirty people need who share it. */
    static final int LOG_INS = 120;

    private final Tokens tokens;
    private final Sessions sessions;
    private final Rates rates;
    private final Budget wrongTries = new Budget(WRONG_TRIES, Duration.ofMinutes(1));
    private final Budget logIns = new Budget(LOG_INS, Duration.ofMinutes(10));
    private final Budget requests;
    private final Budget jobs;

    /**
     * How often the holder of one token may call.
     *
     * @param requestsPerSecond calls of any kind
     * @param jobsPerMinute jobs that are sent
     */
    public record Rates(int requestsPerSecond, int jobsPerMinute) {}

    /** For these tokens. */
    public Door(Tokens tokens, Sessions sessions, Rates rates) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.rates = rates;
        // Twice of it at once: a page that opens, or a script that begins, asks for many things.
        this.requests = new Budget(2 * rates.requestsPerSecond(), Duration.ofSeconds(2));
        this.jobs = new Budget(rates.jobsPerMinute(), Duration.ofMinutes(1));
    }

    /** Whether a caller needs a token. */
    public boolean isClosed() {
        return tokens.areNeeded();
    }

    /** Whether somebody who was let in before would be now; a stream of events outlasts its request. */
    public boolean isOpenTo(Caller caller) {
        return !isClosed() || tokens.know(caller);
    }

    /** Whose session this is; empty where there is none, or it has ended. */
    public Optional<Caller> bySession(String secret) {
        return sessions.find(secret).map(Door::caller);
    }

    /**
     * Whose token this is.
     *
     * @param address where the call comes from
     * @throws JobException {@link ErrorCode#BAD_TOKEN}, or {@link ErrorCode#TOO_MANY_REQUESTS} after too many of those
     */
    public Caller byToken(String secret, String address) {
        return caller(token(secret, address));
    }

    /**
     * A session that has just begun.
     *
     * @param secret what the browser keeps
     * @param caller whose it is
     */
    public record LoggedIn(String secret, Caller caller) {}

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
        return new LoggedIn(sessions.begin(found), caller(found));
    }

    /** Ends a session; answers whether there was one. */
    public boolean logOut(String session) {
        return sessions.end(session);
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

    private static Caller caller(Token token) {
        return new Caller(token.name(), token.role());
    }

    /**
     * Counts a call of somebody with a token.
     *
     * @throws JobException {@link ErrorCode#TOO_MANY_REQUESTS}
     */
    public void countRequest(Caller caller) {
        if (isClosed() && !requests.take(caller.name())) {
            throw tooMany(
                    "This token has called more than " + rates.requestsPerSecond() + " times a second",
                    "call less often; ?wait= and the event streams tell of changes without asking again and again",
                    requests.secondsToNext(caller.name()));
        }
    }

    /**
     * Counts a job that somebody with a token sends.
     *
     * @throws JobException {@link ErrorCode#TOO_MANY_REQUESTS}
     */
    public void countJob(Caller caller) {
        if (isClosed() && !jobs.take(caller.name())) {
            throw tooMany(
                    "This token has sent more than " + rates.jobsPerMinute() + " jobs a minute",
                    "send the job again a little later",
                    jobs.secondsToNext(caller.name()));
        }
    }

    private static JobException tooMany(String message, String hint, long seconds) {
        return JobException.retryAfter(ErrorCode.TOO_MANY_REQUESTS, message, hint, Duration.ofSeconds(seconds));
    }
}
