package tinderbox.jobtype.sql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.analysis.UnresolvedTableValuedFunction;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;
import tinderbox.job.TextPosition;

/**
 * A table that a query names.
 *
 * @param parts its name, as in {@code samples.air.airports}; one part if it is a path in backquotes or the argument of a
 *     reader
 * @param reader the function that reads it, such as {@code read_csv}, or null
 * @param options how it is read, by name in lower case
 * @param position where in the query
 */
record SqlTableName(List<String> parts, String reader, Map<String, String> options, TextPosition position) {
    private static final String EXAMPLE = "('samples/air/airports.csv', header => true)";

    SqlTableName {
        parts = List.copyOf(parts);
        options = Map.copyOf(options);
    }

    /** The table of a FROM, with the options of its WITH. */
    static SqlTableName of(UnresolvedRelation relation, SqlText text) {
        Map<String, String> options = new LinkedHashMap<>();
        relation.options().forEach((name, value) -> options.put(name.toLowerCase(Locale.ROOT), value));
        return new SqlTableName(
                CollectionConverters.asJava(relation.multipartIdentifier()),
                null,
                options,
                text.position(relation.origin()));
    }

    /** Whether this is a function that reads a dataset. */
    static boolean isReader(UnresolvedTableValuedFunction function) {
        return function.name().size() == 1
                && SqlLists.READERS.contains(function.name().head().toLowerCase(Locale.ROOT));
    }

    /**
     * The table that a reader reads.
     *
     * @throws tinderbox.job.JobException if its arguments are not a path and options
     */
    static SqlTableName of(UnresolvedTableValuedFunction function, SqlText text) {
        String reader = function.name().head().toLowerCase(Locale.ROOT);
        List<Expression> arguments = CollectionConverters.asJava(function.functionArgs());
        if (arguments.isEmpty() || !(arguments.get(0) instanceof Literal path) || textOf(path) == null) {
            throw SqlProblems.invalid(
                    "must give " + reader + " the path of a dataset as a text: " + reader + EXAMPLE,
                    text.position(function.origin()));
        }
        Map<String, String> options = new LinkedHashMap<>();
        for (Expression argument : arguments.subList(1, arguments.size())) {
            boolean isOption = argument instanceof NamedArgumentExpression option
                    && option.value() instanceof Literal value
                    && value.value() != null
                    && options.put(
                                    option.key().toLowerCase(Locale.ROOT),
                                    value.value().toString())
                            == null;
            if (!isOption) {
                throw SqlProblems.invalid(
                        "must give " + reader + " its options by name, with plain values, each once: " + reader
                                + EXAMPLE,
                        text.position(argument.origin()));
            }
        }
        return new SqlTableName(List.of(textOf(path)), reader, options, text.position(path.origin()));
    }

    private static String textOf(Literal literal) {
        return literal.value() instanceof UTF8String value ? value.toString() : null;
    }
}
