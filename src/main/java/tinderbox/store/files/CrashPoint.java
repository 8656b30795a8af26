package tinderbox.store.files;

/**
 * Points at which a crash is most dangerous. If the server was started with {@code -Dtinderbox.crash-at=NAME}, the
 * process ends there at once, without cleaning up; tests use this.
 */
public enum CrashPoint {
    /** The folder exists, the request is not in it. */
    ACCEPT_BEFORE_REQUEST,
    /** The request is durable, the client has no response. */
    ACCEPT_AFTER_REQUEST,
    /** The attempt's folder exists, no task runs. */
    START_AFTER_FOLDER,
    /** The cancel request is durable, the client has no response. */
    CANCEL_AFTER_FILE,
    /** The result is in its place, the outcome is not. */
    PUBLISH_BEFORE_OUTCOME,
    /** The outcome is durable, the folder has not moved. */
    END_BEFORE_MOVE,
    /** The folder has moved, the index has the old state. */
    END_BEFORE_INDEX,
    /** The folder is in {@code deleted/}, the index still has the job. */
    DELETE_BEFORE_INDEX,
    /** The run set's file is durable, no job is. */
    RUN_SET_BEFORE_JOBS,
    /** The run set's file and all its jobs are durable, the run set is not accepted. */
    RUN_SET_BEFORE_COMMIT,
    /** The run set is accepted, the client has no response. */
    RUN_SET_AFTER_COMMIT;

    private static final String CHOSEN = System.getProperty("tinderbox.crash-at", "");
    private static final int STATUS = 137;

    /** Ends the process if this point was chosen. */
    public void pass() {
        if (name().equals(CHOSEN)) {
            Runtime.getRuntime().halt(STATUS);
        }
    }
}
