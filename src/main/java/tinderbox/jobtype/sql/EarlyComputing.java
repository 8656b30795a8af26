package tinderbox.jobtype.sql;

import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.RLike;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.trees.Origin;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import tinderbox.job.JobException;
import tinderbox.job.TextPosition;

/**
 * Refuses what can take long where Spark computes a value before the query runs: on a thread that nothing can interrupt.
 */
final class EarlyComputing {
    /** Functions that can take long although their arguments are short. */
    private static final Set<String> CAN_BE_SLOW = Set.of(
            "array_repeat",
            "lpad",
            "randstr",
            "regexp",
            "regexp_count",
            "regexp_extract",
            "regexp_extract_all",
            "regexp_instr",
            "regexp_like",
            "regexp_replace",
            "regexp_substr",
            "repeat",
            "rlike",
            "rpad",
            "sequence",
            "space",
            "split");

    private EarlyComputing() {}

    /** Whether a node of a parsed or an analyzed plan can take long although its arguments are short. */
    static boolean canBeSlow(TreeNode<?> node) {
        String function = node instanceof UnresolvedFunction unresolved
                ? unresolved.nameParts().last().toLowerCase(Locale.ROOT)
                : node instanceof Expression expression ? expression.prettyName() : "";
        return node instanceof LambdaFunction || node instanceof RLike || CAN_BE_SLOW.contains(function);
    }

    /**
     * Refuses an expression that can take long.
     *
     * @param where what it is, in the message
     * @throws JobException {@link tinderbox.job.ErrorCode#INVALID_JOB}
     */
    static void check(Expression expression, String where, TextPosition position) {
        new PlanWalk() {
            @Override
            void visit(TreeNode<?> node, Origin origin, int depth) {
                if (canBeSlow(node)) {
                    throw SqlProblems.invalid(
                            "must not compute " + where + " with lambdas, patterns or functions such as sequence and"
                                    + " repeat; use a SELECT for it",
                            position);
                }
            }
        }.walk(expression);
    }

    /** The same for an expression that is computed early only if it names no column. */
    static void checkConstant(Expression expression, String where, TextPosition position) {
        if (isConstant(expression)) {
            check(expression, where, position);
        }
    }

    /** Names no column; what is computed from one is left to tasks. */
    private static boolean isConstant(Expression expression) {
        boolean[] isConstant = {true};
        new PlanWalk() {
            @Override
            void visit(TreeNode<?> node, Origin origin, int depth) {
                isConstant[0] &= !(node instanceof Attribute || node instanceof LogicalPlan);
            }
        }.walk(expression);
        return isConstant[0];
    }
}
