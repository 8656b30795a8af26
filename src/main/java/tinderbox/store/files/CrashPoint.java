package tinderbox.store.files;

/**
 * Moments at which a crash hurts most, by name. A test that starts the server with {@code
 * -Dtinderbox.crash-at=NAME} has the process end there at once, as a power cut would end it.
 */
public enum CrashPoint {
    /** The folder is made, the request is not in it. */
    ACCEPT_BEFORE_REQUEST,
    /** The request is durable, nobody has been told. */
    ACCEPT_AFTER_REQUEST,
    /** The attempt's folder is made, no task runs. */
    START_AFTER_FOLDER,
    /** The request to stop is durable, nobody has been told. */
    CANCEL_AFTER_FILE,
    /** The result is in its place, the outcome is not. */
    PUBLISH_BEFORE_OUTCOME,
    /** The outcome is durable, the folder has not moved. */
    END_BEFORE_MOVE,
    /** The folder has moved, the index does not know. */
    END_BEFORE_INDEX,
    /** The folder is out of sight, not yet deleted, and the index does not know. */
    DELETE_BEFORE_INDEX;

    private static final String CHOSEN = System.getProperty("tinderbox.crash-at", "");
    private static final int STATUS = 137;

    /** Ends the process here where a test asks for it. */
    public void pass() {
        if (name().equals(CHOSEN)) {
            Runtime.getRuntime().halt(STATUS);
        }
    }
}
