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

    /** Spark died too often. */
    public static final int SPARK_DIED = 70;

    private ExitCode() {}
}
