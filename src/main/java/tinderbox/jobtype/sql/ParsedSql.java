package tinderbox.jobtype.sql;

import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * A query that has passed the checks of its text and of its parsed plan.
 *
 * @param plan with the arguments in it
 * @param tables the tables that it names, in the order of the plan
 */
record ParsedSql(SqlText text, LogicalPlan plan, List<SqlTableName> tables) {}
