package tinderbox.http.message;

/** What a handler reports to the audit log. */
public final class AuditDetails {
    private String target;
    private boolean unchanged;

    /** Sets the target: the id of a new job, or the name of a token. */
    public void setTarget(String value) {
        target = value;
    }

    /** Reports that nothing was changed, so that there is nothing to record. */
    public void setUnchanged() {
        unchanged = true;
    }

    public boolean isUnchanged() {
        return unchanged;
    }

    /** The target, or null if the path names it. */
    public String target() {
        return target;
    }
}
