package tinderbox.jobtype.sql;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkSqlParser;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;

/** Parses a query; needs no session. */
final class SqlParser {
    private SqlParser() {}

    /**
     * Parses one statement.
     *
     * @throws JobException {@link ErrorCode#INVALID_JOB} if it is not one
     */
    static LogicalPlan parse(String text, Map<String, Object> args) {
        try {
            return new SparkSqlParser().parsePlan(text);
        } catch (Exception e) {
            // Scala does not declare it.
            if (!(e instanceof ParseException)) {
                throw e;
            }
            throw new JobException(
                    ErrorCode.INVALID_JOB,
                    "The job cannot be accepted",
                    List.of(new FieldProblem(Sql.QUERY.field(), "is not one statement of SQL")));
        }
    }
}
