package tinderbox.jobtype.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a query may consist of. Everything that Spark has is in one of these lists; what is not in a list is refused, so
 * that a new version of Spark allows nothing by itself.
 */
final class SqlLists {
    /** Why functions are refused, by name; empty for those that are allowed. */
    static final Map<String, String> FUNCTIONS = namesWithReasons("functions.txt");

    /** As {@link #FUNCTIONS}, for functions that stand in place of a table. */
    static final Map<String, String> TABLE_FUNCTIONS = namesWithReasons("table-functions.txt");

    /** The functions that read a dataset, with options. */
    static final Set<String> READERS =
            Set.of("read_csv", "read_tsv", "read_json", "read_text", "read_parquet", "read_orc");

    private static final Set<String> COMPUTED_EARLY = Set.copyOf(lines("computed-early.txt"));

    /** Hints that say how to join. All others may make any number of partitions. */
    static final Set<String> JOIN_HINTS = Set.of(
            "BROADCAST",
            "BROADCASTJOIN",
            "MAPJOIN",
            "MERGE",
            "SHUFFLE_MERGE",
            "MERGEJOIN",
            "SHUFFLE_HASH",
            "SHUFFLE_REPLICATE_NL");

    /** Nodes of a plan as Spark's parser returns it. */
    static final Set<String> PARSED_NODES = Set.of(
            "Aggregate",
            "AsOfJoin",
            "Distinct",
            "Except",
            "Filter",
            "Generate",
            "GlobalLimit",
            "Intersect",
            "Join",
            "LateralJoin",
            "LimitAll",
            "LocalLimit",
            "LocalRelation",
            "NearestByJoin",
            "Offset",
            "OneRowRelation",
            "PipeOperator",
            "Pivot",
            "Project",
            "RepartitionByExpression",
            "ResolvedInlineTable",
            "Sample",
            "Sort",
            "SubqueryAlias",
            "Union",
            "Unpivot",
            "UnresolvedHaving",
            "UnresolvedHint",
            "UnresolvedInlineTable",
            "UnresolvedQualify",
            "UnresolvedRelation",
            "UnresolvedSubqueryColumnAliases",
            "UnresolvedTVFAliases",
            "UnresolvedTableValuedFunction",
            "UnresolvedWith",
            "WithWindowDefinition");

    /** Nodes of a plan whose names have been resolved. */
    static final Set<String> ANALYZED_NODES = Set.of(
            "Aggregate",
            "AsOfJoin",
            "CTERelationDef",
            "CTERelationRef",
            "Deduplicate",
            "Distinct",
            "EmptyRelation",
            "Except",
            "Expand",
            "Filter",
            "Generate",
            "GlobalLimit",
            "Intersect",
            "Join",
            "LateralJoin",
            "LimitAll",
            "LocalLimit",
            "LocalRelation",
            "LogicalRelation",
            "NearestByJoin",
            "Offset",
            "OneRowRelation",
            "PipeOperator",
            "Pivot",
            "Project",
            "Range",
            "RepartitionByExpression",
            "ResolvedHint",
            "ResolvedInlineTable",
            "Sample",
            "Sort",
            "SubqueryAlias",
            "Union",
            "UnionLoop",
            "UnionLoopRef",
            "Unpivot",
            "Window",
            "WithCTE");

    private static final String SPARK = "org.apache.spark.sql.";
    private static final Set<String> EXPRESSIONS = expressions();

    private SqlLists() {}

    /** Whether a query may have expressions of this class, before or after its names are resolved. */
    static boolean allowsExpression(Class<?> type) {
        String name = type.getName();
        String below = name.startsWith(SPARK) ? name.substring(SPARK.length()) : name;
        return EXPRESSIONS.contains(below.startsWith("catalyst.") ? below.substring("catalyst.".length()) : below);
    }

    /**
     * Whether Spark may compute an argument of a function, if it is constant, where nothing can interrupt it. Of most
     * functions, the first one is what they work on, which tasks compute.
     */
    static boolean isComputedEarly(String function, int argument) {
        return COMPUTED_EARLY.contains(function)
                && switch (function) {
                    case "named_struct" -> argument % 2 == 0;
                    case "current_time",
                            "date_part",
                            "datepart",
                            "extract",
                            "ntile",
                            "percentile_cont",
                            "percentile_disc",
                            "rand",
                            "randn",
                            "random",
                            "stack" -> argument == 0;
                    case "randstr", "schema_of_csv", "schema_of_json" -> true;
                    default -> argument > 0;
                };
    }

    /** The names of a resource, in lower case, with what is after the colon of each. */
    static Map<String, String> namesWithReasons(String file) {
        Map<String, String> reasons = new TreeMap<>();
        for (String line : lines(file)) {
            int colon = line.indexOf(": ");
            String name = colon < 0 ? line : line.substring(0, colon);
            reasons.put(name.toLowerCase(Locale.ROOT), colon < 0 ? "" : line.substring(colon + 2));
        }
        return reasons;
    }

    private static Set<String> expressions() {
        Set<String> allowed = new HashSet<>(lines("expressions.txt"));
        allowed.removeIf(name -> name.startsWith("!"));
        return allowed;
    }

    /** The lines of a resource, without its comments. */
    static List<String> lines(String file) {
        try (InputStream in = SqlLists.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("# "))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
