package tinderbox.security.auth;

import tinderbox.job.JobRequest;

/**
 * Who sent a request.
 *
 * @param name the name of the token; {@code local} without authentication
 */
public record Principal(String name, Role role) {
    /** Everybody, without authentication. */
    public static final Principal LOCAL = new Principal(JobRequest.LOCAL, Role.ADMIN);

    /** Whether it may change what {@code owner} submitted or uploaded. */
    public boolean mayChange(String owner) {
        return role == Role.ADMIN || (role == Role.SUBMITTER && name.equals(owner));
    }
}
