package tinderbox.security.auth;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What is kept of a token: all but its secret.
 *
 * @param name what stands beside the jobs that are sent with it
 * @param role what its holder may do
 * @param sha256 of the secret, in lower-case hex
 * @param createdAt when it was made
 * @param expiresAt when it ends; null where it does not
 */
public record Token(String name, Role role, String sha256, Instant createdAt, Instant expiresAt) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,62}");

    /** Whether a token can have this name. {@code local} is what callers without tokens are called. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches() && !name.equals(Principal.LOCAL.name());
    }

    /** Whether it has ended. */
    public boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
