package tinderbox.jobtype.sql;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.NamedParameter;
import org.apache.spark.sql.catalyst.analysis.PosParameter;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.analysis.UnresolvedInlineTable;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.analysis.UnresolvedTableValuedFunction;
import org.apache.spark.sql.catalyst.expressions.Cube;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GroupingSets;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;
import org.apache.spark.sql.catalyst.expressions.Rollup;
import org.apache.spark.sql.catalyst.expressions.SemiStructuredExtract;
import org.apache.spark.sql.catalyst.expressions.StringRegexExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.GlobalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LocalLimit;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Offset;
import org.apache.spark.sql.catalyst.plans.logical.Pivot;
import org.apache.spark.sql.catalyst.plans.logical.RepartitionByExpression;
import org.apache.spark.sql.catalyst.plans.logical.SetOperation;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedHint;
import org.apache.spark.sql.catalyst.trees.Origin;
import org.apache.spark.sql.catalyst.trees.TreeNode;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import tinderbox.job.JobException;
import tinderbox.job.TextPosition;

/**
 * Decides whether a query may run, before Spark resolves its names: nothing can interrupt Spark while it does, so what
 * would take long there is refused here. Knows what is allowed; see {@link SqlLists}.
 */
final class SqlChecker extends PlanWalk {
    /** Of plans and expressions; literals are not counted. */
    static final int MAX_NODES = 5_000;

    /** How deep plans and expressions may be nested; Spark recurses into them, also in tasks with small stacks. */
    static final int MAX_DEPTH = 500;

    static final int MAX_IN_LIST = 5_000;

    static final int MAX_SET_OPERATIONS = 199;

    /** Of the product of all grouping sets of one GROUP BY. */
    static final int MAX_GROUPING_SETS = 1_024;

    private static final Set<String> TELL_THE_USER = Set.of("current_user", "session_user");

    private static final Set<String> LITERAL_TYPES =
            Set.of("DATE", "TIME", "TIMESTAMP", "TIMESTAMP_LTZ", "TIMESTAMP_NTZ");

    private final SqlText text;
    private final Set<String> args;
    private int nodes;
    private int setOperations;

    private SqlChecker(SqlText text, Set<String> args) {
        this.text = text;
        this.args = args;
    }

    /**
     * Checks a parsed query, and finds the tables that it names. Recurses as deep as the plan.
     *
     * @param args the names of its arguments
     * @throws JobException {@link tinderbox.job.ErrorCode#INVALID_JOB}
     */
    static List<SqlTableName> check(LogicalPlan parsed, SqlText text, Set<String> args) {
        var checker = new SqlChecker(text, args);
        checker.walk(parsed);
        return SqlOutline.tables(parsed, text);
    }

    /**
     * Checks a query whose names Spark has resolved: some things show only now, such as hidden columns.
     *
     * @throws JobException {@link tinderbox.job.ErrorCode#INVALID_QUERY}
     */
    static void checkAnalyzed(LogicalPlan analyzed, SqlText text) {
        new AnalyzedChecker(text).check(analyzed);
    }

    @Override
    void visit(TreeNode<?> node, Origin origin, int depth) {
        TextPosition position = origin == null ? null : text.position(origin);
        if (!(node instanceof Literal) && ++nodes > MAX_NODES) {
            throw refused("is too large: it must not have more than " + MAX_NODES + " operations and columns", null);
        }
        if (depth > MAX_DEPTH) {
            throw refused(
                    "must not be nested more than " + MAX_DEPTH
                            + " levels deep, which a chain of so many operators is as well; split it into steps with WITH",
                    position);
        }
        if (node instanceof LogicalPlan plan) {
            checkPlan(plan, position);
        } else if (node instanceof Expression expression) {
            checkExpression(expression, position);
        }
    }

    private void checkPlan(LogicalPlan plan, TextPosition position) {
        String name = plan.getClass().getSimpleName();
        if (!SqlLists.PARSED_NODES.contains(name)) {
            throw SqlStatements.refused(plan, text, position);
        }
        if (plan instanceof UnresolvedRelation relation) {
            checkRelation(relation, position);
        } else if (plan instanceof UnresolvedTableValuedFunction function) {
            checkTableFunction(function, position);
        } else if (plan instanceof UnresolvedHint hint) {
            checkHint(hint, position);
        } else if (plan instanceof RepartitionByExpression repartition
                && repartition.optNumPartitions().isDefined()) {
            throw refused("must not say how many partitions there are", position);
        } else if (plan instanceof SetOperation || plan instanceof Union) {
            if (++setOperations > MAX_SET_OPERATIONS) {
                throw refused(
                        "must not combine more than " + (MAX_SET_OPERATIONS + 1)
                                + " queries with UNION, INTERSECT or EXCEPT; put the values in one VALUES list or in a"
                                + " dataset",
                        position);
            }
        } else if (plan instanceof Aggregate aggregate) {
            checkGroupingSets(aggregate, position);
        } else if (plan instanceof GlobalLimit || plan instanceof LocalLimit || plan instanceof Offset) {
            CollectionConverters.asJava(plan.expressions())
                    .forEach(number -> EarlyComputing.check(number, "LIMIT and OFFSET", position));
        } else if (plan instanceof UnresolvedInlineTable values) {
            CollectionConverters.asJava(values.rows())
                    .forEach(row -> CollectionConverters.asJava(row)
                            .forEach(value -> EarlyComputing.check(value, "VALUES", position)));
        } else if (plan instanceof Pivot pivot) {
            CollectionConverters.asJava(pivot.pivotValues())
                    .forEach(value -> EarlyComputing.check(value, "the values of PIVOT", position));
        }
    }

    private void checkRelation(UnresolvedRelation relation, TextPosition position) {
        if (relation.isStreaming()) {
            throw refused("must not read a stream; name a dataset", position);
        }
    }

    private void checkTableFunction(UnresolvedTableValuedFunction function, TextPosition position) {
        String name = unqualified(function.name(), position);
        if (function.isStreaming()) {
            throw refused("must not read a stream; name a dataset", position);
        }
        if (SqlLists.READERS.contains(name)) {
            return;
        }
        checkFunction(name, SqlLists.TABLE_FUNCTIONS, "table function", position);
        if (name.equals("range") && function.functionArgs().size() > 3) {
            throw refused("must not tell range how many partitions to make; leave its fourth argument out", position);
        }
        CollectionConverters.asJava(function.functionArgs())
                .forEach(argument -> EarlyComputing.check(argument, "an argument of " + name, position));
    }

    private void checkHint(UnresolvedHint hint, TextPosition position) {
        if (!SqlLists.JOIN_HINTS.contains(hint.name().toUpperCase(Locale.ROOT))) {
            throw refused(
                    "must not have the hint " + hint.name() + "; hints can only say how to join, such as BROADCAST",
                    position);
        }
    }

    private void checkGroupingSets(Aggregate aggregate, TextPosition position) {
        long sets = 1;
        for (Expression grouping : CollectionConverters.asJava(aggregate.groupingExpressions())) {
            sets = Math.min(Integer.MAX_VALUE, sets * sets(grouping, position));
        }
        if (sets > MAX_GROUPING_SETS) {
            throw refused("must not have more than " + MAX_GROUPING_SETS + " grouping sets; it has " + sets, position);
        }
    }

    private static long sets(Expression grouping, TextPosition position) {
        if (grouping instanceof Cube cube) {
            int items = cube.groupingSetIndexes().size();
            if (items > SqlTokens.MAX_CUBE) {
                throw SqlTokens.largeCube(position);
            }
            return 1L << items;
        }
        if (grouping instanceof Rollup rollup) {
            return rollup.groupingSetIndexes().size() + 1L;
        }
        return grouping instanceof GroupingSets some
                ? Math.max(1, some.groupingSetIndexes().size())
                : 1;
    }

    private void checkExpression(Expression expression, TextPosition position) {
        if (expression instanceof NamedParameter parameter) {
            throw refused("has the parameter :" + parameter.name() + " where no value can stand", position);
        }
        if (expression instanceof PosParameter) {
            throw refused("must name its parameters, such as :year instead of ?", position);
        }
        if (!SqlLists.allowsExpression(expression.getClass())) {
            throw refused(SqlStatements.partOf(expression), position);
        }
        boolean takesLambdas =
                expression instanceof UnresolvedFunction || expression instanceof NamedArgumentExpression;
        if (!takesLambdas) {
            CollectionConverters.asJava(expression.children()).forEach(child -> checkNoLambda(child, position));
        }
        if (expression instanceof UnresolvedAttribute column) {
            checkColumn(column, position);
        } else if (expression instanceof SemiStructuredExtract field) {
            checkField(field, position);
        } else if (expression instanceof StringRegexExpression match) {
            EarlyComputing.checkConstant(match.right(), "a pattern", position);
        } else if (expression instanceof UnresolvedFunction function) {
            checkFunction(function, position);
        } else if (expression instanceof In in && in.list().size() > MAX_IN_LIST) {
            throw refused(
                    "must not have more than " + MAX_IN_LIST
                            + " values in one IN; put them into a dataset, and use IN (SELECT … FROM …)",
                    position);
        }
    }

    private void checkNoLambda(Expression expression, TextPosition around) {
        if (expression instanceof LambdaFunction) {
            TextPosition position = text.position(expression.origin());
            throw refused(
                    "has -> where no function is called; read JSON with get_json_object(column, '$.name')",
                    position == null ? around : position);
        }
    }

    /** Spark takes these for columns at first. That of the name user may be one. */
    private static void checkColumn(UnresolvedAttribute column, TextPosition position) {
        String name = column.nameParts().mkString(".").toLowerCase(Locale.ROOT);
        if (TELL_THE_USER.contains(name)) {
            throw refused("must not use " + name + ", which " + SqlLists.FUNCTIONS.get(name), position);
        }
    }

    /** Of {@code date :day}, Spark reads {@code date:day}. */
    private void checkField(SemiStructuredExtract field, TextPosition position) {
        String name = field.field().replaceFirst("^\\$\\.", "");
        String type = field.child() instanceof UnresolvedAttribute column
                ? column.nameParts().mkString(".").toUpperCase(Locale.ROOT)
                : "";
        if (args.contains(name) && LITERAL_TYPES.contains(type)) {
            throw refused(
                    "names a parameter after " + type + ", where Spark takes it for a field of a column; write CAST(:"
                            + name + " AS " + type + ")",
                    position);
        }
    }

    private void checkFunction(UnresolvedFunction function, TextPosition position) {
        String name = unqualified(function.nameParts(), position);
        checkFunction(name, SqlLists.FUNCTIONS, "function", position);
        for (int i = 0; i < function.arguments().size(); i++) {
            if (SqlLists.isComputedEarly(name, i)) {
                EarlyComputing.checkConstant(function.arguments().apply(i), "a constant argument of " + name, position);
            }
        }
        SchemaArguments.check(name, function.arguments(), position);
    }

    private String unqualified(Seq<String> parts, TextPosition position) {
        if (parts.size() > 1) {
            throw refused(
                    "must name functions without a catalog or schema: " + parts.last() + " instead of "
                            + parts.mkString("."),
                    position);
        }
        return parts.head().toLowerCase(Locale.ROOT);
    }

    private void checkFunction(String name, Map<String, String> known, String kind, TextPosition position) {
        String reason = known.get(name);
        if (reason == null) {
            throw refused(
                    "uses the " + kind + " " + name + ", which does not exist"
                            + OtherDialects.function(
                                    name,
                                    known.entrySet().stream()
                                            .filter(entry -> entry.getValue().isEmpty())
                                            .map(Map.Entry::getKey)
                                            .toList()),
                    position);
        }
        if (!reason.isEmpty()) {
            throw refused("must not use the " + kind + " " + name + ", which " + reason, position);
        }
    }

    static JobException refused(String message, TextPosition position) {
        return SqlProblems.invalid(message, position);
    }
}
