package tinderbox.jobtype.sql;

/** A table of a query cannot be read as the query says. The message continues “Query …”, such as “names x, which …”. */
final class SqlTableProblem extends Exception {
    private static final long serialVersionUID = 1L;

    SqlTableProblem(String message) {
        super(message);
    }
}
