package tinderbox.jobtype.sql;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import tinderbox.job.JobException;
import tinderbox.job.TextPosition;

/** Says why statements and parts of them are not queries. */
final class SqlStatements {
    private static final String INSTEAD = "; a query starts with SELECT, WITH, FROM, VALUES or TABLE";

    /** What statements do, by their first word. */
    private static final Map<String, String> STATEMENTS = Map.ofEntries(
            Map.entry("INSERT", "INSERT changes data"),
            Map.entry("UPDATE", "UPDATE changes data"),
            Map.entry("DELETE", "DELETE changes data"),
            Map.entry("MERGE", "MERGE changes data"),
            Map.entry("TRUNCATE", "TRUNCATE changes data"),
            Map.entry("LOAD", "LOAD changes data"),
            Map.entry("CREATE", "CREATE changes the catalog; name a step with WITH instead"),
            Map.entry("DROP", "DROP changes the catalog"),
            Map.entry("ALTER", "ALTER changes the catalog"),
            Map.entry("COMMENT", "COMMENT changes the catalog"),
            Map.entry("ANALYZE", "ANALYZE changes the catalog"),
            Map.entry("SET", "SET changes settings"),
            Map.entry("RESET", "RESET changes settings"),
            Map.entry("USE", "USE changes settings; a table is named by its path"),
            Map.entry("DECLARE", "there are no variables; use the parameter args, and :name in the query"),
            Map.entry("EXECUTE", "EXECUTE runs other statements; send the statement itself"),
            Map.entry("BEGIN", "a script has several statements; send one query, and name its steps with WITH"),
            Map.entry("EXPLAIN", "EXPLAIN is no query; run the query, and open the plan of its job"),
            Map.entry("SHOW", "SHOW reads the catalog; the list of datasets shows what there is"),
            Map.entry("DESCRIBE", "DESCRIBE reads the catalog; the list of datasets shows columns and types"),
            Map.entry("DESC", "DESC reads the catalog; the list of datasets shows columns and types"),
            Map.entry("CACHE", "CACHE keeps data in memory; what is read is cached by itself"),
            Map.entry("CALL", "CALL runs code of the server"),
            Map.entry("ADD", "ADD gives code or files to the server"));

    private static final Pattern FIRST_WORD = Pattern.compile("[A-Za-z]+");

    /** What nodes that are not the statement itself come from. */
    private static final Map<String, String> NODES = Map.of(
            "InsertIntoStatement", "INSERT changes data",
            "InsertIntoDir", "INSERT changes data",
            "UpdateTable", "UPDATE changes data",
            "DeleteFromTable", "DELETE changes data",
            "MergeIntoTable", "MERGE changes data");

    private static final Map<String, String> PARTS = Map.ofEntries(
            Map.entry("ScriptTransformation", "must not run programs with TRANSFORM, MAP or REDUCE"),
            Map.entry(
                    "RelationTimeTravel", "must not ask for a version or a time of a table: datasets have no history"),
            Map.entry("RelationChanges", "must not ask for the changes of a table: datasets have no history"),
            Map.entry(
                    "PlanWithUnresolvedIdentifier",
                    "must name its tables and functions itself: IDENTIFIER with a computed name is not allowed"),
            Map.entry(
                    "ExpressionWithUnresolvedIdentifier",
                    "must name its tables, columns and functions itself: IDENTIFIER with a computed name is not allowed"),
            Map.entry("UnresolvedEventTimeWatermark", "must not have a watermark: datasets are not streams"),
            Map.entry("CurrentUser", "must not use current_user, session_user or user, which tell who runs the server"),
            Map.entry("CurrentCatalog", "must not use current_catalog: there are no catalogs here"),
            Map.entry(
                    "CurrentDatabase", "must not use current_database or current_schema: there are no databases here"),
            Map.entry("CurrentPath", "must not use current_path: there are no databases here"),
            Map.entry(
                    "FunctionTableSubqueryArgumentExpression",
                    "must not pass a table to a function: no function here takes one"));

    private SqlStatements() {}

    /** A refusal of a part of the query. */
    static JobException refused(LogicalPlan plan, SqlText text, TextPosition position) {
        String name = plan.getClass().getSimpleName();
        String part = PARTS.get(name);
        if (part != null) {
            return SqlProblems.invalid(part, position);
        }
        String what = NODES.containsKey(name) ? NODES.get(name) : STATEMENTS.get(firstWord(text.parsed()));
        return SqlProblems.invalid("must only read data" + (what == null ? "" : ": " + what) + INSTEAD, position);
    }

    /** Why an expression is refused. */
    static String partOf(Expression expression) {
        String part = PARTS.get(expression.getClass().getSimpleName());
        return part == null ? "uses what queries are not allowed to: " + expression.prettyName() : part;
    }

    /** The first word, without the comments before it. */
    private static String firstWord(String text) {
        Matcher word = FIRST_WORD.matcher(text.replaceAll("(?s)^(?:\\s+|--[^\\n]*\\n|/\\*.*?\\*/)+", ""));
        return word.lookingAt() ? word.group().toUpperCase(Locale.ROOT) : "";
    }
}
