package tinderbox;

/** The exit codes of the process; {@code --help} lists them. */
public final class ExitCode {
    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;

    /** The port or the data dir cannot be used. */
    public static final int UNAVAILABLE = 3;

    /** Another server uses the data dir now. */
    public static final int DATA_DIR_TAKEN = 4;

    /** Of a command that talks to a server: the token is missing, wrong, or may not do this. */
    public static final int REFUSED = 5;

    /** The same: there is no such job, or its state does not allow this. */
    public static final int NOT_FOUND = 6;

    /** The same: the job was cancelled. */
    public static final int CANCELLED = 7;

    /** Spark died too often. */
    public static final int SPARK_DIED = 70;

    /** The time of --timeout has passed, as with timeout(1). */
    public static final int TIMED_OUT = 124;

    /** Ended by Ctrl-C, or at once by a second signal. */
    public static final int INTERRUPTED = 130;

    /** Standard output is not complete: its reader has gone, as shells say it of other programs, or the disk is full. */
    public static final int BROKEN_PIPE = 141;

    private ExitCode() {}
}
