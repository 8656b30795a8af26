package tinderbox.security.auth;

import tinderbox.job.JobRequest;
import tinderbox.job.Visibility;

/**
 * Who sent a request.
 *
 * @param name the name of the token; {@code local} without authentication
 * @param visibility whose jobs and uploads it sees
 * @param token with which it was authenticated: after it is revoked, another token may have its name; null without
 *     authentication
 */
public record Principal(String name, Role role, Visibility visibility, Token token) {
    /** Everybody, without authentication. */
    public static final Principal LOCAL = new Principal(JobRequest.LOCAL, Role.ADMIN, Visibility.ALL, null);

    /** Whether it may change what {@code owner} submitted or uploaded. */
    public boolean mayChange(String owner) {
        return role == Role.ADMIN || (role == Role.SUBMITTER && name.equals(owner));
    }
}
