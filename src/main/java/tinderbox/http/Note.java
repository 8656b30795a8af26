package tinderbox.http;

/** What a call has found out for whoever writes down what came of it. */
final class Note {
    private String target;

    /** What it was about: a job that was made, or whose token it was. */
    void about(String what) {
        target = what;
    }

    /** The same; null where the path says it. */
    String target() {
        return target;
    }
}
