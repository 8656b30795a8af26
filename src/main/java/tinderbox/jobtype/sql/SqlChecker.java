package tinderbox.jobtype.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.UnaryCommand;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.TextPosition;

/** Decides what a query may say. */
final class SqlChecker {
    private SqlChecker() {}

    /**
     * Checks a parsed query, and finds the tables that it names.
     *
     * @throws JobException {@link ErrorCode#INVALID_JOB}
     */
    static List<SqlTableName> check(LogicalPlan parsed, String text) {
        List<SqlTableName> tables = new ArrayList<>();
        parsed.foreach(node -> {
            if (node instanceof Command || node instanceof UnaryCommand) {
                throw new JobException(
                        ErrorCode.INVALID_JOB,
                        "The job cannot be accepted",
                        List.of(new FieldProblem(Sql.QUERY.field(), "must be a query that only reads")));
            }
            if (node instanceof UnresolvedRelation relation) {
                tables.add(new SqlTableName(
                        CollectionConverters.asJava(relation.multipartIdentifier()),
                        TextPosition.of(text, 0, text.length())));
            }
            return BoxedUnit.UNIT;
        });
        return tables;
    }

    /**
     * Checks a query whose names have been resolved.
     *
     * @throws JobException {@link ErrorCode#JOB_ERROR}
     */
    static void checkAnalyzed(LogicalPlan analyzed, String text) {
        check(analyzed, text);
    }
}
