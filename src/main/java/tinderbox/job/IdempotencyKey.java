package tinderbox.job;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;
import tinderbox.common.Sha256;

/**
 * What makes two sendings of a job the same one, for the same submitter.
 *
 * @param key chosen by the sender
 * @param bodySha256 of the bytes of the request's body, or of what stands for it, in lower-case hex: the same key with
 *     another body is a mistake, not a repetition
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

    /** Of a rerun. What stands for its body is the job that is run again, in a text that no job is sent as. */
    public static IdempotencyKey ofRerun(String key, JobId id) {
        return new IdempotencyKey(key, Sha256.hex(("rerun of " + id).getBytes(StandardCharsets.UTF_8)));
    }

    /** What a key is looked up by: submitters do not share keys. */
    public static String scope(String submittedBy, String key) {
        return submittedBy + '\n' + key;
    }
}
