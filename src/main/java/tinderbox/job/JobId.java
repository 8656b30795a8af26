package tinderbox.job;

import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/** The id of a job: a random UUID in its canonical lower-case form, which is also the name of its folder. */
public record JobId(UUID value) {
    private static final Pattern CANONICAL =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    public JobId {
        Objects.requireNonNull(value, "value");
    }

    public static JobId random() {
        return new JobId(UUID.randomUUID());
    }

    /** Whether {@code text} has the form that {@link #toString} writes; anything else never reaches a path. */
    public static boolean isWellFormed(String text) {
        return CANONICAL.matcher(text).matches();
    }

    /**
     * Reads the canonical form.
     *
     * @throws JobException {@link ErrorCode#JOB_NOT_FOUND} if {@code text} has another form, because no job has such an id
     */
    public static JobId parse(String text) {
        if (!isWellFormed(text)) {
            throw new JobException(
                    ErrorCode.JOB_NOT_FOUND,
                    "There is no job with this id",
                    "a job id looks like 5f0c1d2e-3a4b-4c5d-8e6f-708192a3b4c5; GET /api/v1/jobs lists them");
        }
        return new JobId(UUID.fromString(text));
    }

    /** The first eight characters: enough to tell jobs apart in thread names and log lines. */
    public String shortForm() {
        return toString().substring(0, 8);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
