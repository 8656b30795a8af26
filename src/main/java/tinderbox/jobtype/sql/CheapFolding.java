package tinderbox.jobtype.sql;

import org.apache.spark.sql.catalyst.expressions.Add;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.DateAdd;
import org.apache.spark.sql.catalyst.expressions.DateAddInterval;
import org.apache.spark.sql.catalyst.expressions.DateAddYMInterval;
import org.apache.spark.sql.catalyst.expressions.DateSub;
import org.apache.spark.sql.catalyst.expressions.Divide;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.expressions.Multiply;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.Subtract;
import org.apache.spark.sql.catalyst.expressions.TimestampAddInterval;
import org.apache.spark.sql.catalyst.expressions.TimestampAddYMInterval;
import org.apache.spark.sql.catalyst.expressions.TypeOf;
import org.apache.spark.sql.catalyst.expressions.UnaryMinus;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * Computes constants such as {@code date '2020-01-01' - interval '1' month} before the query runs. Spark's own rule, which
 * is excluded, computes every constant, such as {@code repeat('a', 2000000000)}; this one only what cannot take long or
 * much memory: arithmetic, comparisons and casts of values of a fixed size.
 */
final class CheapFolding extends Rule<LogicalPlan> {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return plan.transformAllExpressions(new AbstractPartialFunction<Expression, Expression>() {
            @Override
            public boolean isDefinedAt(Expression expression) {
                return !(expression instanceof Literal) && isCheap(expression);
            }

            @Override
            public Expression apply(Expression expression) {
                try {
                    return Literal$.MODULE$.create(expression.eval(null), expression.dataType());
                } catch (RuntimeException e) {
                    // As an overflow; whether it fails the query depends on whether a task computes it.
                    return expression;
                }
            }
        });
    }

    /** Whether this has a fixed size, and so has everything from which it is computed. */
    private static boolean isCheap(Expression expression) {
        if (expression instanceof TypeOf) {
            // Spark cannot compile it, since its own rule never leaves it; it computes no argument.
            return true;
        }
        // Not all have a type: frames of windows do not.
        boolean isKnown = expression instanceof Literal || (isCheapItself(expression) && expression.foldable());
        return isKnown
                && isOfFixedSize(expression.dataType())
                && CollectionConverters.asJava(expression.children()).stream().allMatch(CheapFolding::isCheap);
    }

    private static boolean isOfFixedSize(DataType type) {
        return type instanceof AtomicType && !(type instanceof StringType) && !(type instanceof BinaryType);
    }

    private static boolean isCheapItself(Expression expression) {
        return expression instanceof Add
                || expression instanceof Subtract
                || expression instanceof Multiply
                || expression instanceof Divide
                || expression instanceof UnaryMinus
                || expression instanceof Cast
                || expression instanceof BinaryComparison
                || expression instanceof And
                || expression instanceof Or
                || expression instanceof Not
                || expression instanceof DateAdd
                || expression instanceof DateSub
                || expression instanceof DateAddInterval
                || expression instanceof DateAddYMInterval
                || expression instanceof TimestampAddInterval
                || expression instanceof TimestampAddYMInterval;
    }
}
