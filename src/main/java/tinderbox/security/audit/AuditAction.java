package tinderbox.security.audit;

import java.util.Locale;

/** The actions in the audit log. Their {@linkplain #word() words} are in files and on the wire and never change their meaning. */
public enum AuditAction {
    SUBMIT,
    EDIT,
    RERUN,
    CANCEL,
    DELETE,
    RUN_SET_SUBMIT,
    RUN_SET_RERUN,
    RUN_SET_CANCEL,
    RUN_SET_EDIT,
    RUN_SET_DELETE,
    UPLOAD,
    DELETE_DATASET,
    RENAME_DATASET,
    PRESET_CREATE,
    PRESET_CHANGE,
    PRESET_DELETE,
    TOKEN_CREATE,
    TOKEN_REVOKE,
    /** The server was opened to everybody on its machine, by {@code token open}. */
    TOKEN_OPEN,
    LOGIN,
    LOGOUT,
    /** A request that was refused, no matter what it was for. */
    REFUSED,

    /** Written by the log itself: a start moved a damaged end to the file that is the target. */
    AUDIT_CUT,
    /** Written by the log itself: lines are missing here because they could not be written. */
    AUDIT_MISSED,
    /** Written by the log itself: refusals and other lines were not written because there were too many. */
    AUDIT_SKIPPED,
    /** Written by the log itself: its oldest lines were deleted to keep within its bounds. */
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
     * @throws IllegalArgumentException if there is none
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
