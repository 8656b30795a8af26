package tinderbox.jobtype.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.KnownNotNull;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.aggregate.Collect;
import org.apache.spark.sql.catalyst.expressions.aggregate.Mode;
import org.apache.spark.sql.catalyst.expressions.aggregate.PercentileBase;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.catalyst.plans.LeftAnti$;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Window;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.catalyst.trees.TreeNodeTag;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * Lets tasks notice that they are cancelled where a row or a value can keep them busy for hours: joins, generators, window
 * functions, and functions that call lambdas. Spark checks between the rows that it reads only. Where values are kept, in
 * lambdas and by functions such as collect_list, tasks also notice that there is no memory left.
 */
final class CancelChecks extends Rule<LogicalPlan> {
    private static final TreeNodeTag<Boolean> CHECKED = new TreeNodeTag<>("tinderbox.checked");

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return plan.transformUp(new Operators())
                .transformAllExpressions(new Lambdas())
                .transformAllExpressions(new Collectors());
    }

    /** @param method of {@link CancelCheck} */
    private static Expression check(String method) {
        return new StaticInvoke(
                CancelCheck.class,
                DataTypes.BooleanType,
                method,
                CollectionConverters.asScala(List.<Expression>of()).toSeq(),
                CollectionConverters.asScala(List.<AbstractDataType>of()).toSeq(),
                false,
                false,
                true,
                Option.empty());
    }

    private static boolean isCheck(Expression expression) {
        return expression instanceof StaticInvoke call && call.staticObject() == CancelCheck.class;
    }

    private static final class Operators extends AbstractPartialFunction<LogicalPlan, LogicalPlan> {
        @Override
        public boolean isDefinedAt(LogicalPlan node) {
            boolean canLoop = node instanceof Join || node instanceof Generate || node instanceof Window;
            return canLoop && node.getTagValue(CHECKED).isEmpty();
        }

        @Override
        public LogicalPlan apply(LogicalPlan node) {
            LogicalPlan checked = node;
            if (node instanceof Join join) {
                checked = isHashedAntiJoin(join) ? join : checked(join);
            }
            checked.setTagValue(CHECKED, true);
            return node instanceof Join ? checked : new Filter(check("proceed"), checked);
        }

        /** The condition is asked for each pair of rows that Spark compares. */
        private static Join checked(Join join) {
            Expression condition = join.condition().isEmpty()
                    ? check("proceed")
                    : new And(check("proceed"), join.condition().get());
            return join.copy(join.left(), join.right(), join.joinType(), Option.apply(condition), join.hint());
        }

        /** NOT IN, which Spark would compare pair by pair if its condition were another. */
        private static boolean isHashedAntiJoin(Join join) {
            return join.joinType() instanceof LeftAnti$
                    && join.condition().exists(condition -> condition instanceof Or);
        }
    }

    /** The value, computed after a check for memory. */
    private static Expression checked(Expression value) {
        Expression none = Literal$.MODULE$.create(null, value.dataType());
        // Never computed, and as the value in what Spark asks of types.
        Expression otherwise = value.nullable() ? none : new KnownNotNull(none);
        return new If(check("proceedIfMemory"), value, otherwise);
    }

    private static boolean isChecked(Expression value) {
        return value instanceof If conditional && isCheck(conditional.predicate());
    }

    private static final class Lambdas extends AbstractPartialFunction<Expression, Expression> {
        @Override
        public boolean isDefinedAt(Expression expression) {
            return expression instanceof LambdaFunction lambda && !isChecked(lambda.function());
        }

        @Override
        public Expression apply(Expression expression) {
            LambdaFunction lambda = (LambdaFunction) expression;
            return lambda.copy(checked(lambda.function()), lambda.arguments(), lambda.hidden());
        }
    }

    /** Aggregate functions that keep all values of a group on the heap, where Spark does not count them. */
    private static final class Collectors extends AbstractPartialFunction<Expression, Expression> {
        @Override
        public boolean isDefinedAt(Expression expression) {
            boolean keepsValues = expression instanceof Collect<?>
                    || expression instanceof PercentileBase
                    || expression instanceof Mode;
            return keepsValues && !isChecked(expression.children().head());
        }

        @Override
        public Expression apply(Expression expression) {
            List<Expression> children = new ArrayList<>(CollectionConverters.asJava(expression.children()));
            children.set(0, checked(children.get(0)));
            return expression.withNewChildren(
                    CollectionConverters.asScala(children).toSeq());
        }
    }
}
