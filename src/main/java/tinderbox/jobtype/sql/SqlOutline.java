package tinderbox.jobtype.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.analysis.Star;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.analysis.UnresolvedTableValuedFunction;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Pivot;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Finds the tables of a query, and estimates how large its plan becomes: a name of WITH stands for a whole plan, a star for
 * many columns, and Spark may replace the name of a column by what computes it. Each can double the plan at every level.
 */
final class SqlOutline {
    /** Of the plan as estimated. */
    static final int MAX_EXPANDED_NODES = 20_000;

    /** How many columns a table is taken to have: only Spark finds out. */
    private static final int TABLE_COLUMNS = 10;

    private final SqlText text;
    private final List<SqlTableName> tables = new ArrayList<>();

    /**
     * @param nodes how many nodes the plan has when all names are replaced
     * @param columns how many columns it has
     * @param weights how many nodes compute a column, by its name, if more than one
     */
    private record Size(long nodes, long columns, Map<String, Long> weights) {}

    private SqlOutline(SqlText text) {
        this.text = text;
    }

    /**
     * Returns the tables in the order of the plan.
     *
     * @throws tinderbox.job.JobException if the plan would be too large
     */
    static List<SqlTableName> tables(LogicalPlan parsed, SqlText text) {
        var outline = new SqlOutline(text);
        outline.size(parsed, Map.of());
        return outline.tables;
    }

    private Size size(LogicalPlan plan, Map<String, Size> scope) {
        Size size = plan instanceof UnresolvedWith with ? ofWith(with, scope) : ofOther(plan, scope);
        check(size.nodes(), plan);
        return size;
    }

    private Size ofWith(UnresolvedWith with, Map<String, Size> outer) {
        Map<String, Size> scope = new HashMap<>(outer);
        with.cteRelations().foreach(relation -> {
            String name = relation._1().toLowerCase(Locale.ROOT);
            Map<String, Size> inner = new HashMap<>(scope);
            if (with.allowRecursion()) {
                inner.put(name, new Size(1, 1, Map.of()));
            }
            scope.put(name, size(relation._2(), inner));
            return null;
        });
        return size(with.child(), scope);
    }

    private Size ofOther(LogicalPlan plan, Map<String, Size> scope) {
        if (plan instanceof UnresolvedRelation relation) {
            Size named = relation.multipartIdentifier().size() == 1
                    ? scope.get(relation.multipartIdentifier().head().toLowerCase(Locale.ROOT))
                    : null;
            if (named == null) {
                tables.add(SqlTableName.of(relation, text));
            }
            return named == null ? new Size(1, TABLE_COLUMNS, Map.of()) : named;
        }
        if (plan instanceof UnresolvedTableValuedFunction function && SqlTableName.isReader(function)) {
            tables.add(SqlTableName.of(function, text));
            return new Size(1, TABLE_COLUMNS, Map.of());
        }
        List<Size> inputs = new ArrayList<>();
        CollectionConverters.asJava(plan.children()).forEach(child -> inputs.add(size(child, scope)));
        return combined(plan, inputs, scope);
    }

    private Size combined(LogicalPlan plan, List<Size> inputs, Map<String, Size> scope) {
        long nodes = 1;
        long columns = 0;
        Map<String, Long> weights = new HashMap<>();
        for (Size input : inputs) {
            nodes += input.nodes();
            columns = plan instanceof Union ? input.columns() : columns + input.columns();
            input.weights().forEach((name, weight) -> weights.merge(name, weight, Math::max));
        }
        long inputColumns = columns;
        List<NamedExpression> outputs = outputs(plan);
        if (!outputs.isEmpty()) {
            columns = 0;
        }
        for (Expression expression : CollectionConverters.asJava(plan.expressions())) {
            nodes += expanded(expression, inputColumns, scope);
        }
        for (NamedExpression output : outputs) {
            columns += output instanceof Star ? inputColumns : 1;
            if (output instanceof Alias alias) {
                long weight = weight(alias.child(), weights, alias);
                weights.put(alias.name().toLowerCase(Locale.ROOT), weight);
            }
        }
        if (plan instanceof Filter filter) {
            weight(filter.condition(), weights, filter);
        }
        if (plan instanceof Pivot pivot) {
            nodes += (long) pivot.pivotValues().size() * pivot.aggregates().size();
            columns += (long) pivot.pivotValues().size() * pivot.aggregates().size();
        }
        return new Size(nodes, columns, weights);
    }

    private static List<NamedExpression> outputs(LogicalPlan plan) {
        if (plan instanceof Project project) {
            return CollectionConverters.asJava(project.projectList());
        }
        if (plan instanceof Aggregate aggregate) {
            return CollectionConverters.asJava(aggregate.aggregateExpressions());
        }
        return List.of();
    }

    /** The nodes of an expression with its subqueries, and with the columns of its stars. */
    private long expanded(Expression expression, long inputColumns, Map<String, Size> scope) {
        long nodes = expression instanceof Star ? inputColumns : 1;
        if (expression instanceof SubqueryExpression subquery) {
            nodes += size(subquery.plan(), scope).nodes();
        }
        for (Expression child : CollectionConverters.asJava(expression.children())) {
            nodes += expanded(child, inputColumns, scope);
        }
        return nodes;
    }

    /** The nodes of an expression when the names of columns are replaced by what computes them. */
    private long weight(Expression expression, Map<String, Long> weights, TreeNode<?> at) {
        if (expression instanceof UnresolvedAttribute attribute) {
            return weights.getOrDefault(attribute.nameParts().last().toLowerCase(Locale.ROOT), 1L);
        }
        long weight = 1;
        for (Expression child : CollectionConverters.asJava(expression.children())) {
            weight += weight(child, weights, at);
            check(weight, at);
        }
        return weight;
    }

    private void check(long nodes, TreeNode<?> at) {
        if (nodes > MAX_EXPANDED_NODES) {
            throw SqlProblems.invalid(
                    "becomes too large here: names of WITH, stars and columns stand for more than " + MAX_EXPANDED_NODES
                            + " operations; use each fewer times",
                    text.position(at.origin()));
        }
    }
}
