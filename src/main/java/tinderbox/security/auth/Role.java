package tinderbox.security.auth;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a caller may do; each role may do all that those before it may. */
public enum Role {
    /** Reads jobs, logs, results and datasets. */
    VIEWER,
    /** Also sends jobs and datasets, and cancels, re-runs, replaces and deletes what it sent itself. */
    SUBMITTER,
    /** May do everything with everybody's jobs and datasets, and reads the audit log. */
    ADMIN;

    /** Whether this role may do what that one may. */
    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    /** Its name on the wire, in files and on the command line. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of that name; empty where there is none. */
    public static Optional<Role> ofCode(String code) {
        return Arrays.stream(values()).filter(role -> role.code().equals(code)).findFirst();
    }
}
