package tinderbox.jobtype.sql;

import java.util.regex.Pattern;
import org.apache.spark.QueryContext;
import org.apache.spark.SparkThrowableHelper;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.parser.ParseException;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.TextPosition;

/** Explains in plain words what Spark has to say about a query. */
final class SqlFailures {
    private static final Pattern PREFIX = Pattern.compile("^\\[[A-Z0-9_.]+]\\s*");
    private static final Pattern SUFFIX = Pattern.compile("\\s*SQLSTATE: \\w+\\s*$");

    private SqlFailures() {}

    /** A refusal of a query that Spark cannot parse. */
    static JobException syntax(Exception thrown, SqlText text) {
        if (!(thrown instanceof ParseException e)) {
            return SqlProblems.invalid("cannot be parsed: " + sentence(thrown), null);
        }
        String message = switch (e.getCondition()) {
            case "PARSE_EMPTY_STATEMENT" -> "has no statement";
            case "PARSE_SYNTAX_ERROR" ->
                "has a syntax error at " + e.getMessageParameters().get("error")
                        + e.getMessageParameters().get("hint");
            default -> "has an error: " + sentence(e);
        };
        return SqlProblems.invalid(message, position(e, text));
    }

    /** A better exception for what was thrown while a query ran. */
    static Exception explain(Throwable thrown, SqlQuery query) {
        if (thrown instanceof AnalysisException e) {
            return new JobException(ErrorCode.INVALID_QUERY, sentence(e), "", position(e, query.source()), e);
        }
        return thrown instanceof Exception e ? e : new IllegalStateException(thrown);
    }

    private static TextPosition position(AnalysisException e, SqlText text) {
        QueryContext[] contexts = e.getQueryContext();
        if (contexts.length > 0) {
            return text.position(contexts[0]);
        }
        return e.line().isDefined() && e.startPosition().isDefined()
                ? text.positionOf(
                        (Integer) e.line().get(), (Integer) e.startPosition().get())
                : null;
    }

    private static String sentence(Exception e) {
        String message = e instanceof AnalysisException spark && spark.getCondition() != null
                ? SparkThrowableHelper.getMessage(spark.getCondition(), spark.getMessageParameters())
                : String.valueOf(e.getMessage());
        return SUFFIX.matcher(PREFIX.matcher(message).replaceFirst(""))
                .replaceFirst("")
                .strip();
    }
}
