package tinderbox.jobtype.sql;

import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.immutable.Seq;
import tinderbox.job.JobException;
import tinderbox.job.TextPosition;

/**
 * Checks the schemas, and the examples of them, that functions such as from_json take: Spark parses them while it resolves
 * names, so they must be short texts that need not be computed.
 */
final class SchemaArguments {
    private static final Set<String> FUNCTIONS =
            Set.of("from_json", "from_csv", "variant_get", "try_variant_get", "schema_of_json", "schema_of_csv");

    private SchemaArguments() {}

    /**
     * Checks the call of a function that may have a schema.
     *
     * @throws JobException {@link tinderbox.job.ErrorCode#INVALID_JOB}
     */
    static void check(String function, Seq<Expression> arguments, TextPosition position) {
        if (!FUNCTIONS.contains(function)) {
            return;
        }
        int schema = function.endsWith("variant_get") ? 2 : function.startsWith("schema_of") ? 0 : 1;
        if (schema < arguments.size()) {
            checkSchema(function, arguments.apply(schema), position);
        }
    }

    private static void checkSchema(String function, Expression schema, TextPosition position) {
        Expression value = schema instanceof NamedArgumentExpression named ? named.value() : schema;
        if (value instanceof UnresolvedFunction inner
                && !inner.arguments().isEmpty()
                && Set.of("schema_of_json", "schema_of_csv")
                        .contains(inner.nameParts().last().toLowerCase(Locale.ROOT))) {
            return;
        }
        if (!(value instanceof Literal literal)) {
            throw SqlProblems.invalid(
                    "must give " + function + " its schema, or the example of it, as a text in quotes", position);
        }
        if (!function.startsWith("schema_of") && literal.value() instanceof UTF8String ddl) {
            checkSchemaText(ddl.toString(), function, position);
        }
    }

    private static void checkSchemaText(String ddl, String function, TextPosition position) {
        // As JSON it can name a class, which Spark would load.
        if (ddl.contains("{")) {
            throw SqlProblems.invalid(
                    "must give " + function + " a schema such as 'a INT, b ARRAY<STRING>', not as JSON", position);
        }
        try {
            SqlTokens.checkSchema(ddl);
        } catch (JobException e) {
            throw SqlProblems.invalid(
                    "must give " + function + " a schema that is less deeply nested, and has no comments", position);
        }
    }
}
