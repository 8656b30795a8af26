package tinderbox.jobtype.sql;

import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.CommandExecutionMode;
import org.apache.spark.sql.execution.QueryExecution;
import tinderbox.common.LargeStack;

/**
 * A query that is ready to run. Spark's analyzer and optimizer recurse deeply and cannot be interrupted, so they have a
 * {@link LargeStack}.
 *
 * @param rows its columns
 * @param limit how many of its rows are wanted
 * @param execution what Spark does
 */
record SqlPlan(SqlRows rows, SqlLimit limit, QueryExecution execution) {
    private static final String THREAD = "tinderbox-query";

    /**
     * Resolves, checks and optimizes a query.
     *
     * @throws tinderbox.job.JobException if a name is unknown, or the query does what none may
     */
    static SqlPlan of(SqlQuery query, SqlTables tables, SparkSession session) throws Exception {
        try {
            return LargeStack.call(THREAD, () -> planned(query, tables, session));
        } catch (RuntimeException e) {
            throw SqlFailures.ofPlanning(e);
        }
    }

    private static SqlPlan planned(SqlQuery query, SqlTables tables, SparkSession session) {
        QueryExecution analyzed = execution(session, tables.in(query.parsed()));
        analyzed.assertAnalyzed();
        SqlChecker.checkAnalyzed(analyzed.analyzed(), query.source());
        SqlRows rows = new SqlRows(analyzed.analyzed().schema());
        SqlLimit limit = SqlLimit.of(analyzed.analyzed(), query.maxRows());
        QueryExecution execution = execution(session, limit.plan());
        execution.assertExecutedPlanPrepared();
        return new SqlPlan(rows, limit, execution);
    }

    private static QueryExecution execution(SparkSession session, LogicalPlan plan) {
        // A command, which the checks refuse, would not be executed either.
        return session.sessionState().executePlan(plan, CommandExecutionMode.SKIP());
    }

    /** How Spark runs the query, in its own words; it may change while the query runs. */
    String text() throws Exception {
        return LargeStack.call(THREAD, () -> PlanText.of(execution));
    }

    /** Runs the query up to its last stage, and returns what the tasks of that are to compute. */
    RDD<InternalRow> run() throws Exception {
        return LargeStack.call(THREAD, execution::toRdd);
    }
}
