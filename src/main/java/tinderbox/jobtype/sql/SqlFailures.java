package tinderbox.jobtype.sql;

/** Explains in plain words why a query failed. */
final class SqlFailures {
    private SqlFailures() {}

    /** A better exception for what was thrown while a query ran. */
    static Exception explain(Throwable thrown, SqlQuery query) {
        return thrown instanceof Exception e ? e : new IllegalStateException(thrown);
    }
}
