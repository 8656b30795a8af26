package tinderbox.security.audit;

import java.util.Locale;

/** What can be in the audit log. The {@linkplain #word() word} is in files and on the wire and never changes its meaning. */
public enum AuditAction {
    SUBMIT,
    RERUN,
    CANCEL,
    DELETE,
    UPLOAD,
    DELETE_DATASET,
    TOKEN_CREATE,
    TOKEN_REVOKE,
    /** The server was opened to everybody on its machine, by {@code token open}. */
    TOKEN_OPEN,
    LOGIN,
    LOGOUT,
    /** A request that was turned away, whatever it asked for. */
    REFUSED,

    /** Told by the log of itself: a start found its end damaged and put that into the file named as the target. */
    AUDIT_CUT,
    /** Told by the log of itself: so many lines are missing here, because they could not be written. */
    AUDIT_MISSED,
    /** Written by the log itself: so many refusals and other lines were not written, because there were too many. */
    AUDIT_SKIPPED,
    /** Written by the log itself: its oldest lines were deleted, to keep within its bounds. */
    AUDIT_PRUNED,
    /** Written by the log itself: its file was deleted, replaced or cut short while it was being written. */
    AUDIT_REPLACED,
    /** Written by the log itself: it begins here, although there are jobs already. */
    AUDIT_BEGUN;

    /** The stable name, such as {@code token_create}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The action whose {@link #word()} is {@code word}.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static AuditAction of(String word) {
        for (AuditAction action : values()) {
            if (action.word().equals(word)) {
                return action;
            }
        }
        throw new IllegalArgumentException("no such action");
    }
}
