package tinderbox.jobtype.sql;

import java.util.List;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.TextPosition;

/** Refusals of queries. Each message follows the title of the parameter: “Query must …”. */
final class SqlProblems {
    private SqlProblems() {}

    /** A refusal when a query is submitted. */
    static JobException invalid(FieldProblem problem) {
        return new JobException(ErrorCode.INVALID_JOB, "The job cannot be accepted", List.of(problem));
    }

    /** As {@link #invalid(FieldProblem)}, of the text of the query. */
    static JobException invalid(String message, TextPosition position) {
        return invalid(new FieldProblem(Sql.QUERY.field(), message, position));
    }

    /** A failure of an attempt for what the text of the query says. */
    static JobException failed(String message, TextPosition position) {
        return new JobException(ErrorCode.INVALID_QUERY, "The query " + message, "", position, null);
    }
}
