package tinderbox.security.auth;

import java.time.Instant;
import java.util.regex.Pattern;
import tinderbox.job.Visibility;

/**
 * A token as it is stored, without its secret.
 *
 * @param name shown as the owner of the jobs that are submitted with it
 * @param sha256 the hash of the secret, in lower-case hex
 * @param expiresAt null if it is valid until it is revoked
 * @param sees whose jobs and uploads a viewer sees; for the other roles everybody
 */
public record Token(String name, Role role, String sha256, Instant createdAt, Instant expiresAt, Visibility sees) {
    /** How many submitters the token of a viewer can name. */
    public static final int MAX_SEES = 100;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,62}");

    /** Whether a token can have this name. {@code local} is reserved for {@link Principal#LOCAL}. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches() && !name.equals(Principal.LOCAL.name());
    }

    public boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
