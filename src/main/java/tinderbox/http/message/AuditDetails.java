package tinderbox.http.message;

/** What a call has found out for whoever writes down what came of it. */
public final class AuditDetails {
    private String target;
    private boolean unchanged;

    /** What it was about: a job that was made, or whose token it was. */
    public void setTarget(String what) {
        target = what;
    }

    /** Nothing was done, so that there is nothing to write down. */
    public void setUnchanged() {
        unchanged = true;
    }

    public boolean isUnchanged() {
        return unchanged;
    }

    /** The same; null where the path says it. */
    public String target() {
        return target;
    }
}
