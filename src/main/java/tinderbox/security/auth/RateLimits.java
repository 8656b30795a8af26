package tinderbox.security.auth;

import java.time.Duration;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** How often tokens and addresses may do things. Without authentication, requests and jobs are not limited. */
public final class RateLimits {
    /** Wrong tokens per address and minute. Right ones from behind the same proxy still pass. */
    static final int WRONG_TOKENS = 10;

    /** Log-ins per token in ten minutes: enough for thirty people who share it. */
    static final int LOG_INS = 120;

    private final int requestsPerSecond;
    private final int jobsPerMinute;
    private final RateLimiter wrongTokens = new RateLimiter(WRONG_TOKENS, Duration.ofMinutes(1));
    private final RateLimiter logIns = new RateLimiter(LOG_INS, Duration.ofMinutes(10));
    private final RateLimiter requests;
    private final RateLimiter jobs;

    /**
     * Limits for each token.
     *
     * @param requestsPerSecond requests of any kind; twice as many may come at once
     * @param jobsPerMinute submitted jobs
     */
    public RateLimits(int requestsPerSecond, int jobsPerMinute) {
        this.requestsPerSecond = requestsPerSecond;
        this.jobsPerMinute = jobsPerMinute;
        // A page that opens and a script that begins send many requests at once.
        this.requests = new RateLimiter(2 * requestsPerSecond, Duration.ofSeconds(2));
        this.jobs = new RateLimiter(jobsPerMinute, Duration.ofMinutes(1));
    }

    /**
     * Counts a request.
     *
     * @throws JobException {@link ErrorCode#TOO_MANY_REQUESTS}
     */
    public void countRequest(Principal principal) {
        if (!isLocal(principal)) {
            take(
                    requests,
                    principal.name(),
                    "This token has sent more than " + requestsPerSecond + " requests a second",
                    "send fewer; ?wait= and the event streams report changes without polling");
        }
    }

    /**
     * Counts a submitted job.
     *
     * @throws JobException {@link ErrorCode#TOO_MANY_REQUESTS}
     */
    public void countJob(Principal principal) {
        if (!isLocal(principal)) {
            take(
                    jobs,
                    principal.name(),
                    "This token has submitted more than " + jobsPerMinute + " jobs a minute",
                    "submit the job again a little later");
        }
    }

    void countWrongToken(String address) {
        take(
                wrongTokens,
                address,
                "There were too many wrong tokens from this address",
                "a right one is accepted at once");
    }

    void countLogIn(Token token) {
        take(
                logIns,
                token.name(),
                "There were more than " + LOG_INS + " log-ins with this token in ten minutes",
                "use an existing session, or log in a little later");
    }

    private static boolean isLocal(Principal principal) {
        return principal.equals(Principal.LOCAL);
    }

    private static void take(RateLimiter limiter, String key, String message, String hint) {
        if (!limiter.take(key)) {
            throw JobException.retryAfter(
                    ErrorCode.TOO_MANY_REQUESTS, message, hint, Duration.ofSeconds(limiter.secondsToNext(key)));
        }
    }
}
