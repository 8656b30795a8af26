package tinderbox.security.auth;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a principal may do. Each role includes those before it. */
public enum Role {
    /** Reads jobs, logs, results and datasets. */
    VIEWER,
    /** Also submits jobs and uploads datasets, and cancels, re-runs, replaces and deletes its own. */
    SUBMITTER,
    /** May do everything with all jobs and datasets, and reads the audit log. */
    ADMIN;

    /** Whether this role may do everything that the other may. */
    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    /** Its name on the wire, in files and on the command line. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role with this name; empty if there is none. */
    public static Optional<Role> ofCode(String code) {
        return Arrays.stream(values()).filter(role -> role.code().equals(code)).findFirst();
    }
}
