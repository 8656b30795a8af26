package tinderbox.job;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;
import tinderbox.common.Sha256;

/**
 * Identifies repeated submissions of a job by the same submitter.
 *
 * @param key chosen by the client
 * @param bodySha256 the hash of the request's body, or of the text that represents it, in lower-case hex; the same key
 *     with another body is a mistake of the client
 */
public record IdempotencyKey(String key, String bodySha256) {
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    public IdempotencyKey {
        Objects.requireNonNull(bodySha256, "bodySha256");
        if (!KEY.matcher(key).matches()) {
            throw new JobException(
                    ErrorCode.MALFORMED_REQUEST,
                    "The Idempotency-Key is malformed",
                    "it must be 1 to 255 visible ASCII characters without a space, such as a UUID");
        }
    }

    /** The key of a rerun. The id of the old job or run set represents the body, in a text that is not a valid body of a submission. */
    public static IdempotencyKey ofRerun(String key, JobId id) {
        return new IdempotencyKey(key, Sha256.hex(("rerun of " + id).getBytes(StandardCharsets.UTF_8)));
    }

    /** The string to look a key up by; each submitter has their own keys. */
    public static String scope(String submittedBy, String key) {
        return submittedBy + '\n' + key;
    }
}
