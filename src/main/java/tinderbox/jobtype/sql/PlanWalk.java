package tinderbox.jobtype.sql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.plans.QueryPlan;
import org.apache.spark.sql.catalyst.trees.Origin;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.types.DataType;
import scala.Option;
import scala.Product;
import scala.collection.Iterable;
import scala.collection.Iterator;

/**
 * Visits every plan and every expression of a plan. {@code children} alone misses bodies of WITH, subqueries, arguments of
 * table functions and more, so this also follows every field.
 */
abstract class PlanWalk {
    private final Deque<Step> open = new ArrayDeque<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * @param value a plan, an expression, or what has some among its fields
     * @param origin of the innermost node around it that has a position; null if there is none
     * @param depth how many nodes are around it
     */
    private record Step(Object value, Origin origin, int depth) {}

    /**
     * Called once for each plan and each expression, those around it first.
     *
     * @param origin its own, or that of the innermost node around it that has a position; null if there is none
     * @param depth how many nodes are around it
     */
    abstract void visit(TreeNode<?> node, Origin origin, int depth);

    /** Visits a plan or an expression, and everything in it. */
    final void walk(TreeNode<?> root) {
        open.push(new Step(root, null, 0));
        while (!open.isEmpty()) {
            Step step = open.pop();
            if (step.value() instanceof TreeNode<?> node) {
                if (seen.add(node)) {
                    Origin origin = hasPosition(node.origin()) ? node.origin() : step.origin();
                    visit(node, origin, step.depth());
                    push(parts(node), origin, step.depth() + 1);
                }
            } else {
                push(fields(step.value()), step.origin(), step.depth());
            }
        }
    }

    private static boolean hasPosition(Origin origin) {
        Option<Object> start = origin.startIndex();
        return start.isDefined() && origin.stopIndex().isDefined();
    }

    private void push(List<Object> values, Origin origin, int depth) {
        for (int i = values.size() - 1; i >= 0; i--) {
            open.push(new Step(values.get(i), origin, depth));
        }
    }

    private static List<Object> parts(TreeNode<?> node) {
        if (node instanceof LogicalRelation) {
            // Its fields are the session and its files.
            return List.of();
        }
        List<Object> parts = fields(node);
        add(parts, node.children().iterator());
        add(parts, node.innerChildren().iterator());
        if (node instanceof QueryPlan<?> plan) {
            add(parts, plan.expressions().iterator());
        }
        return parts;
    }

    private static List<Object> fields(Object value) {
        List<Object> fields = new ArrayList<>();
        if (value instanceof Iterable<?> items) {
            add(fields, items.iterator());
        } else if (value instanceof Product product) {
            add(fields, product.productIterator());
        }
        return fields;
    }

    private static void add(List<Object> to, Iterator<?> from) {
        while (from.hasNext()) {
            Object value = from.next();
            boolean mayHaveNodes = value instanceof TreeNode<?>
                    || ((value instanceof Product || value instanceof Iterable<?>) && !(value instanceof DataType));
            if (mayHaveNodes) {
                to.add(value);
            }
        }
    }
}
