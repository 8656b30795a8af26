package tinderbox.jobtype.sql;

import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.objects.StaticInvoke;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Range;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionByExpression;
import org.apache.spark.sql.catalyst.trees.Origin;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import scala.jdk.javaapi.CollectionConverters;
import tinderbox.job.TextPosition;

/** Checks a plan whose names Spark has resolved, before Spark optimizes it. */
final class AnalyzedChecker extends PlanWalk {
    /** Of all plans and expressions: stars are replaced by columns now. */
    static final int MAX_NODES = 100_000;

    static final int MAX_COLUMNS = 1_000;

    /** Of a dataset's address: the only file system that a query can reach. */
    private static final String SCHEME = "tb";

    /** Marks of hidden columns, such as _metadata, which tell where files are; USING hides columns, too, but of tables. */
    private static final List<String> HIDDEN = List.of(
            "__file_source_metadata_col",
            "__file_source_constant_metadata_col",
            "__file_source_generated_metadata_col");

    private final SqlText text;
    private int nodes;

    AnalyzedChecker(SqlText text) {
        this.text = text;
    }

    void check(LogicalPlan analyzed) {
        int columns = analyzed.output().size();
        if (columns > MAX_COLUMNS) {
            throw SqlProblems.failed(
                    "must not have more than " + MAX_COLUMNS + " columns in its result; it has " + columns, null);
        }
        walk(analyzed);
    }

    @Override
    void visit(TreeNode<?> node, Origin origin, int depth) {
        TextPosition position = origin == null ? null : text.position(origin);
        if (++nodes > MAX_NODES) {
            throw SqlProblems.failed(
                    "is too large: with all columns in place of stars, it has more than " + MAX_NODES + " operations",
                    position);
        }
        if (node instanceof LogicalPlan plan) {
            checkPlan(plan, position);
        } else if (node instanceof Expression expression) {
            checkExpression(expression, position);
        }
    }

    private static void checkPlan(LogicalPlan plan, TextPosition position) {
        String name = plan.getClass().getSimpleName();
        boolean isAllowed = SqlLists.ANALYZED_NODES.contains(name)
                && !plan.isStreaming()
                && !(plan instanceof LogicalRelation relation && !isDataset(relation))
                && !(plan instanceof Range range && range.numSlices().isDefined())
                && !(plan instanceof RepartitionByExpression repartition
                        && repartition.optNumPartitions().isDefined());
        if (!isAllowed) {
            throw SqlProblems.failed("uses what queries are not allowed to: " + name, position);
        }
    }

    private static boolean isDataset(LogicalRelation relation) {
        return relation.relation() instanceof HadoopFsRelation files
                && CollectionConverters.asJava(files.location().rootPaths()).stream()
                        .map(Path::toUri)
                        .allMatch(address -> SCHEME.equals(address.getScheme()));
    }

    private static void checkExpression(Expression expression, TextPosition position) {
        if (expression instanceof AttributeReference column) {
            if (HIDDEN.stream().anyMatch(column.metadata()::contains)) {
                throw SqlProblems.failed(
                        "must not use the hidden column " + column.name()
                                + ", which tells where the server keeps its files",
                        position);
            }
        }
        if (expression instanceof Cast cast) {
            checkSpecialDate(cast, position);
        }
        boolean isAllowed = SqlLists.allowsExpression(expression.getClass())
                && !(expression instanceof StaticInvoke call
                        && !call.staticObject().getName().startsWith("org.apache.spark."));
        if (!isAllowed) {
            String message = SqlStatements.partOf(expression);
            throw SqlProblems.failed(message, position);
        }
    }

    /** Before tasks run, Spark computes constants that become dates and times, since they could be words such as 'today'. */
    private static void checkSpecialDate(Cast cast, TextPosition position) {
        boolean isDate = cast.dataType() instanceof DateType
                || cast.dataType() instanceof TimestampType
                || cast.dataType() instanceof TimestampNTZType;
        if (isDate && cast.child().foldable()) {
            new PlanWalk() {
                @Override
                void visit(TreeNode<?> node, Origin origin, int depth) {
                    if (EarlyComputing.canBeSlow(node)) {
                        throw SqlProblems.failed(
                                "must not compute a constant date or time with lambdas, patterns or functions such as"
                                        + " sequence and repeat; write it as a literal",
                                position);
                    }
                }
            }.walk(cast.child());
        }
    }
}
