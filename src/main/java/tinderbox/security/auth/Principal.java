package tinderbox.security.auth;

/**
 * Who sent a request.
 *
 * @param name the name of the token; {@code local} where no tokens are needed
 * @param role what it may do
 */
public record Principal(String name, Role role) {
    /** Anybody on this machine, where no tokens are needed. */
    public static final Principal LOCAL = new Principal("local", Role.ADMIN);

    /** Whether it may change what {@code owner} sent. */
    public boolean mayChange(String owner) {
        return role == Role.ADMIN || (role == Role.SUBMITTER && name.equals(owner));
    }
}
