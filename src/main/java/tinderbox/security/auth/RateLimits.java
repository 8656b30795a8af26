package tinderbox.security.auth;

import java.time.Duration;
import java.util.Optional;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * How often tokens and addresses may do things. Without authentication, requests and jobs are not limited.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/">RateLimit header fields for
 *     HTTP</a>, as of draft 12
 */
public final class RateLimits {
    /** Wrong tokens per address and minute. Right ones from behind the same proxy still pass. */
    static final int WRONG_TOKENS = 10;

    /** Log-ins per token in ten minutes: enough for thirty people who share it. */
    static final int LOG_INS = 120;

    private static final String REQUESTS = "\"requests\"";
    private static final String JOBS = "\"jobs\"";

    private final int requestsPerSecond;
    private final int jobsPerMinute;
    private final RateLimiter wrongTokens = new RateLimiter(WRONG_TOKENS, Duration.ofMinutes(1));
    private final RateLimiter logIns = new RateLimiter(LOG_INS, Duration.ofMinutes(10));
    private final RateLimiter requests;
    private final RateLimiter jobs;
    private final String policy;

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
        this.policy = REQUESTS + ";q=" + 2 * requestsPerSecond + ";w=2, " + JOBS + ";q=" + jobsPerMinute + ";w=60";
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

    /**
     * Counts so many submitted jobs: all or none.
     *
     * @throws JobException {@link ErrorCode#TOO_MANY_REQUESTS}, {@link ErrorCode#LIMIT_EXCEEDED} if there are too many for
     *     any minute
     */
    public void countJobs(Principal principal, int count) {
        if (count > jobsPerMinute && !isLocal(principal)) {
            throw new JobException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "A token may submit " + jobsPerMinute + " jobs a minute, and these are " + count,
                    "submit fewer at once, or have the server started with a larger --max-jobs-per-minute");
        }
        if (!isLocal(principal) && !jobs.take(principal.name(), count)) {
            throw JobException.retryAfter(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "This token may submit " + jobsPerMinute + " jobs a minute; these " + count + " are too many now",
                    "submit them again a little later",
                    Duration.ofSeconds(jobs.secondsTo(principal.name(), count)));
        }
    }

    /** The limits of each token, as the field {@code RateLimit-Policy} has them. */
    public String policy() {
        return policy;
    }

    /** What a principal has left of them, as the field {@code RateLimit} has it; empty if it has no limits. */
    public Optional<String> left(Principal principal) {
        return isLocal(principal)
                ? Optional.empty()
                : Optional.of(item(REQUESTS, requests.left(principal.name())) + ", "
                        + item(JOBS, jobs.left(principal.name())));
    }

    private static String item(String name, RateLimiter.Left left) {
        String now = name + ";r=" + left.times();
        return left.seconds() == 0 ? now : now + ";t=" + left.seconds();
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
