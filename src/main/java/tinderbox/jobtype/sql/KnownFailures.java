package tinderbox.jobtype.sql;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.QueryContext;
import org.apache.spark.SparkThrowable;

/** What to say instead of Spark's own words about mistakes that many people make. */
final class KnownFailures {
    private static final String PATTERN_HINT =
            "the letters of a pattern are year yyyy, month MM, day dd, hour HH, minute mm, second ss, as in"
                    + " 'yyyy-MM-dd HH:mm:ss'";

    private static final String AGGREGATE_HINT =
            "conditions on functions such as count and max stand in HAVING, after GROUP BY; those on window functions stand"
                    + " in QUALIFY; or compute them in a subquery";

    private static final Set<String> UNITS =
            Set.of("YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND");

    private static final Pattern COMPARED =
            Pattern.compile("(?:[=<>]|\\bIN\\s*\\([^)]*)\\s*\\z", Pattern.CASE_INSENSITIVE);

    /** How much of the text before a name is looked at. */
    private static final int WINDOW = 200;

    /** A message, and what to do. */
    record Words(String message, String hint) {}

    private KnownFailures() {}

    /** Empty if Spark's words, in short, will do. */
    static Optional<Words> of(SparkThrowable e) {
        Map<String, String> parameters = e.getMessageParameters();
        return Optional.ofNullable(
                switch (e.getCondition()) {
                    case "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION",
                            "INVALID_DATETIME_PATTERN.LENGTH",
                            "INVALID_DATETIME_PATTERN.WITH_SUGGESTION" ->
                        new Words("There is no pattern of dates " + shown(parameters, "pattern"), PATTERN_HINT);
                    case "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN" ->
                        new Words(
                                "A pattern of dates has the letter " + shown(parameters, "c")
                                        + ", which counts weeks, and does not exist in Spark",
                                PATTERN_HINT);
                    case "INCONSISTENT_BEHAVIOR_CROSS_VERSION.PARSE_DATETIME_BY_NEW_PARSER" ->
                        new Words(
                                "The text " + shown(parameters, "datetime") + " does not fit the pattern of dates",
                                PATTERN_HINT + "; try_to_timestamp makes null of such a text");
                    case "UNSUPPORTED_EXPR_FOR_OPERATOR" ->
                        new Words(
                                "The query cannot compute this here: " + shown(parameters, "invalidExprSqls"),
                                AGGREGATE_HINT);
                    case "INVALID_WHERE_CONDITION" ->
                        new Words("WHERE cannot have " + shown(parameters, "expressionList"), AGGREGATE_HINT);
                    case "MISSING_GROUP_BY" ->
                        new Words(
                                "A column stands beside a function such as count or max, and there is no GROUP BY",
                                "add GROUP BY with that column, or put it into a function, such as any_value(column)");
                    case "MISSING_AGGREGATION" ->
                        new Words(
                                shown(parameters, "expression")
                                        + " is neither in GROUP BY nor within a function such as count or max",
                                "add it to GROUP BY, or write any_value(" + shown(parameters, "expression") + ")");
                    default -> null;
                });
    }

    /** What to do about a text that is no value of a type. */
    static String ofCast(String type) {
        return type.contains("DATE") || type.contains("TIMESTAMP")
                ? "name the form of the text, as in to_date(text, 'MM/dd/yyyy'), or use try_cast to get null instead"
                : "use try_cast to get null instead; if a column of a CSV file is text for a few such values, read them as"
                        + " missing: read_csv('…', null_value => 'n/a')";
    }

    /** “1 argument”, “2 or 3 arguments”, of what Spark expects. */
    static String arguments(String expected) {
        String numbers = expected.replaceAll("[\\[\\]]", "").replaceFirst("^> (\\d+)$", "more than $1");
        int last = numbers.lastIndexOf(", ");
        return (last < 0 ? numbers : numbers.substring(0, last) + " or " + numbers.substring(last + 2))
                + (numbers.equals("1") ? " argument" : " arguments");
    }

    /** Why somebody may have named a column that does not exist; empty if there is no reason to think so. */
    static String ofColumn(String name, SparkThrowable e, SqlText text) {
        String bare = name.replace("`", "");
        QueryContext[] contexts = e.getQueryContext();
        if (contexts == null || contexts.length == 0 || contexts[0].startIndex() < 0) {
            return "";
        }
        if (UNITS.contains(bare.toUpperCase(Locale.ROOT))) {
            return "a unit comes first: date_trunc('MONTH', date), datediff(DAY, from, to)";
        }
        String parsed = text.parsed();
        int start = parsed.offsetByCodePoints(0, contexts[0].startIndex());
        if (!bare.contains(".")
                && COMPARED.matcher(parsed.substring(Math.max(0, start - WINDOW), start))
                        .find()) {
            return "a text has quotes around it: '" + bare + "'";
        }
        boolean isAlias = Pattern.compile("\\bAS\\s+`?" + Pattern.quote(bare) + "\\b", Pattern.CASE_INSENSITIVE)
                .matcher(parsed)
                .find();
        return isAlias
                ? "WHERE and ON do not know the names that SELECT gives; repeat what computes it, or use a subquery; HAVING"
                        + " and QUALIFY know them"
                : "";
    }

    /** A parameter of Spark's message without its quotes, not too long. */
    private static String shown(Map<String, String> parameters, String name) {
        return SqlRecordFailures.shortened(parameters.get(name)).replaceAll("^\"|\"$", "");
    }
}
