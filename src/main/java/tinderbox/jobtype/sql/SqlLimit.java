package tinderbox.jobtype.sql;

import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.WithCTE;

/**
 * How many rows a query returns at most, and its plan for that. Spark would compute all partitions of a query with a LIMIT,
 * and send their rows to one task. Here each partition has the limit of its own, and {@link SqlRows} takes rows from the
 * first partitions only. With an ORDER BY, Spark's own plan is better: it sorts nothing that is not returned.
 *
 * @param plan the analyzed plan to run
 * @param take how many of its rows are needed
 * @param keep how many of these the result has; if one more was taken, the result is cut
 */
record SqlLimit(LogicalPlan plan, long take, long keep) {
    /** Without this limit, a LIMIT with an ORDER BY would keep all of its rows in memory. */
    static final int MAX_SORTED_IN_MEMORY = 10_000;

    /** @param maxRows how many rows the result may have, or null */
    static SqlLimit of(LogicalPlan analyzed, Long maxRows) {
        long max = maxRows == null ? Long.MAX_VALUE : maxRows;
        if (analyzed instanceof WithCTE with) {
            SqlLimit inner = of(with.plan(), maxRows);
            return new SqlLimit(with.copy(inner.plan, with.cteDefs()), inner.take, inner.keep);
        }
        if (analyzed instanceof GlobalLimit global && global.child() instanceof LocalLimit local) {
            long own = ((Number) global.limitExpr().eval(null)).longValue();
            boolean isCut = own > max;
            if (isSorted(local.child())) {
                return new SqlLimit(analyzed, isCut ? max + 1 : own, isCut ? max : own);
            }
            return isCut
                    ? new SqlLimit(new LocalLimit(literal(max + 1), local.child()), max + 1, max)
                    : new SqlLimit(local, own, own);
        }
        if (maxRows == null) {
            return new SqlLimit(analyzed, max, max);
        }
        if (max >= Integer.MAX_VALUE) {
            return new SqlLimit(analyzed, max + 1, max);
        }
        LogicalPlan local = new LocalLimit(literal(max + 1), analyzed);
        boolean inMemory = isSorted(analyzed) && max < MAX_SORTED_IN_MEMORY;
        return new SqlLimit(inMemory ? new GlobalLimit(literal(max + 1), local) : local, max + 1, max);
    }

    private static boolean isSorted(LogicalPlan plan) {
        if (plan instanceof Project || plan instanceof SubqueryAlias) {
            return isSorted(plan.children().head());
        }
        return plan instanceof Sort sort && sort.global();
    }

    private static Expression literal(long value) {
        return Literal$.MODULE$.apply(Math.toIntExact(value));
    }
}
