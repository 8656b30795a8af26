package tinderbox.jobtype.sql;

import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * A parsed query that has passed the checks of its text and its parsed plan.
 *
 * @param text as it was submitted
 * @param source the same with its arguments, which knows where in it something is
 * @param maxRows how many rows the result may have, or null
 * @param parsed its plan, with the arguments
 * @param tables the tables that it names, in the order of the text
 */
record SqlQuery(String text, SqlText source, Long maxRows, LogicalPlan parsed, List<SqlTableName> tables) {}
