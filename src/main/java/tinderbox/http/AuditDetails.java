package tinderbox.http;

/** What a call has found out for whoever writes down what came of it. */
final class AuditDetails {
    private String target;
    private boolean nothing;

    /** What it was about: a job that was made, or whose token it was. */
    void about(String what) {
        target = what;
    }

    /** Nothing was done, so that there is nothing to write down. */
    void nothingDone() {
        nothing = true;
    }

    boolean isNothingDone() {
        return nothing;
    }

    /** The same; null where the path says it. */
    String target() {
        return target;
    }
}
