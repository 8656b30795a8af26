package tinderbox.jobtype.sql;

import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.expressions.ScalarSubquery;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import scala.runtime.AbstractPartialFunction;

/**
 * Takes at most two rows of a subquery that stands for one value. Spark would collect all of them on the driver, to find out
 * that there are too many.
 */
final class ScalarSubqueryLimit extends Rule<LogicalPlan> {
    private static final int ENOUGH = 2;

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return plan.transformAllExpressions(new AbstractPartialFunction<Expression, Expression>() {
            @Override
            public boolean isDefinedAt(Expression expression) {
                return expression instanceof ScalarSubquery subquery
                        && subquery.outerAttrs().isEmpty()
                        && !isSmall(subquery.plan());
            }

            @Override
            public Expression apply(Expression expression) {
                ScalarSubquery subquery = (ScalarSubquery) expression;
                Literal enough = Literal$.MODULE$.apply(ENOUGH);
                return subquery.withNewPlan(new GlobalLimit(enough, new LocalLimit(enough, subquery.plan())));
            }
        });
    }

    private static boolean isSmall(LogicalPlan plan) {
        return plan.maxRows().isDefined() && (long) plan.maxRows().get() <= ENOUGH;
    }
}
