package tinderbox.jobtype.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.apache.spark.QueryContext;
import org.apache.spark.SparkThrowable;
import org.apache.spark.SparkThrowableHelper;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.parser.ParseException;
import tinderbox.common.Causes;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.JobException;
import tinderbox.job.TextPosition;

/** Explains in plain words what Spark has to say about a query. */
final class SqlFailures {
    /** What Spark puts around its messages, and what it shows of the query. */
    private static final Pattern AROUND =
            Pattern.compile("^\\[[A-Z0-9_.]+]\\s*|\\s*SQLSTATE: \\w+|(?s)\\s*== SQL .*$|(?s);?\\s*\\n['+*!:].*$");

    /** What does not match is where the position says. */
    private static final Pattern MISMATCH = Pattern.compile("(?s)^Cannot resolve \".*?\" due to data type mismatch: ");

    private static final Pattern LAMBDA = Pattern.compile("\"lambdafunction\\([^\"]*\"");

    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.?!])\\s+(?=[A-Z])");

    /** What a sentence is about that no query can do: it speaks of settings, files or code. */
    private static final Pattern IMPOSSIBLE = Pattern.compile(
            "spark\\.|bypass this error|documentation|restart your|configuration|recreate|\\bconfig\\b|search path|sql-ref");

    private static final Pattern ADVICE =
            Pattern.compile("^(?:Please |Add |Rewrite |Use |Try |To |Correct |Ensure |Make sure |Consider )");

    private static final Pattern CATALOG = Pattern.compile("`?spark_catalog`?\\.(?:`?default`?\\.)?");
    private static final Pattern SIMPLE_QUOTES = Pattern.compile("`([A-Za-z_]\\w*)`");
    private static final Pattern CLASSES = Pattern.compile("\\b(?:org|java|scala)\\.[a-z][\\w.$]*[\\w$]");
    private static final Pattern ADDRESSES = Pattern.compile("\\btb:/+");

    /** States of the standard whose reason is in the query or in a value: its letters, then Spark's. */
    private static final List<String> OF_THE_QUERY = List.of("07", "0A", "21", "22", "2B", "38", "42", "46", "P0");

    private static final String LIMIT_STATE = "54";

    /** States whose reason is a value. */
    private static final String VALUE_STATE = "22";

    private static final Pattern SETTINGS = Pattern.compile("\\S*(?:spark\\.|sql-ref)\\S*");

    /** So many columns does Spark propose at most. */
    private static final int MAX_PROPOSED = 5;

    /** The longest part of a message of Spark's that is looked at. */
    private static final int MAX_PART = 2_000;

    private SqlFailures() {}

    /** A refusal of a query that Spark cannot parse. */
    static JobException syntax(Exception thrown, SqlText text) {
        if (!(thrown instanceof ParseException e)) {
            return SqlProblems.invalid(
                    "cannot be parsed: " + withoutEnd(sentences(thrown).get(0)), null);
        }
        if (e.getCondition().equals("PARSE_SYNTAX_ERROR") || e.getCondition().equals("INVALID_IDENTIFIER")) {
            return SyntaxErrors.refusal(e, text);
        }
        String message = switch (e.getCondition()) {
            case "PARSE_EMPTY_STATEMENT" -> "has no statement";
            case "UNSUPPORTED_DATATYPE" ->
                OtherDialects.problem(e.getMessageParameters().get("typeName"));
            case "DATATYPE_MISSING_SIZE" ->
                OtherDialects.problem(e.getMessageParameters().get("type"));
            case "UNCLOSED_BRACKETED_COMMENT" -> "has a comment that is not closed; end it with */";
            default -> "has an error: " + withoutEnd(String.join(" ", sentences(e)));
        };
        return SqlProblems.invalid(message, position(e, text));
    }

    /**
     * A better exception for what was thrown while a query ran; {@code thrown} itself if Spark does not blame the query.
     *
     * @param file the file whose row it failed at, or null
     */
    static Exception explain(Throwable thrown, SqlQuery query, String file) {
        List<Throwable> chain = Causes.of(thrown).toList();
        Exception itself = thrown instanceof Exception e ? e : new IllegalStateException(thrown);
        for (Throwable link : chain) {
            if (link instanceof JobException) {
                return itself;
            }
            Exception explained = explained(link, query.source(), file, itself);
            if (explained != null) {
                return explained;
            }
        }
        return itself;
    }

    private static Exception explained(Throwable link, SqlText text, String file, Exception cause) {
        if (link instanceof PatternSyntaxException || isOfPattern(link)) {
            return ofPattern(link, cause);
        }
        if (link instanceof StackOverflowError) {
            return new JobException(
                    ErrorCode.INVALID_QUERY,
                    "The query is nested too deeply",
                    "split it into steps, or use shorter chains of operators",
                    cause);
        }
        String message = String.valueOf(link.getMessage());
        if ((link instanceof TimeoutException && message.contains("timed out after"))
                || message.contains("Could not execute broadcast")) {
            return new JobException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "One side of a join took too long to be sent to all tasks",
                    "leave out the hint BROADCAST if there is one, or filter that side before the join",
                    cause);
        }
        boolean isPlainArithmetic = link instanceof ArithmeticException && !(link instanceof SparkThrowable);
        if (isPlainArithmetic && message.equals("long overflow")) {
            return new JobException(
                    ErrorCode.INVALID_QUERY, "A number or a time is too large for its type", "use smaller ones", cause);
        }
        if ((isPlainArithmetic && message.equals("integer overflow"))
                || link instanceof NegativeArraySizeException
                || message.startsWith("Cannot grow BufferHolder")
                || message.contains("exceeds maximum capacity")) {
            return new JobException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "A value, or a row, grows larger than 2 GiB",
                    "make texts and lists shorter, or collect fewer rows into one",
                    cause);
        }
        if (message.contains("due to exceeding the limit") || message.contains("exceeding the array size limit")) {
            return new JobException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "A list or a map grows larger than 2,147,483,632 entries",
                    "make it shorter",
                    cause);
        }
        if (message.contains("spark.driver.maxResultSize")) {
            return new JobException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "The query needs too many rows at once in the server",
                    "add a filter or a LIMIT",
                    cause);
        }
        if (link.getClass().getName().startsWith("org.codehaus.") || message.contains("grows beyond 64 KB")) {
            return new JobException(
                    ErrorCode.INVALID_QUERY,
                    "The query is too large to be compiled",
                    "split it into steps, or use fewer columns and expressions at once",
                    cause);
        }
        return link instanceof SparkThrowable spark && spark.getCondition() != null
                ? ofCondition(spark, text, file, cause)
                : null;
    }

    /** A better exception for what was thrown while a query was planned, if it is a fault of Spark's. */
    static RuntimeException ofPlanning(RuntimeException thrown) {
        boolean hasReason = (thrown instanceof SparkThrowable spark && spark.getCondition() != null)
                || thrown instanceof PatternSyntaxException;
        boolean isOfSpark = Arrays.stream(thrown.getStackTrace())
                .map(StackTraceElement::getClassName)
                .filter(name -> !name.startsWith("java.") && !name.startsWith("scala."))
                .findFirst()
                .filter(name -> name.startsWith("org.apache.spark."))
                .isPresent();
        return isOfSpark && !hasReason ? ofSpark(null, thrown) : thrown;
    }

    private static JobException ofSpark(TextPosition position, Exception cause) {
        return new JobException(
                ErrorCode.JOB_ERROR,
                "Spark cannot run this query, for a reason of its own",
                "write it in another way; the job's log has the whole stack trace",
                position,
                cause);
    }

    /** Java's patterns recurse. */
    private static boolean isOfPattern(Throwable link) {
        return link instanceof StackOverflowError
                && Stream.of(link.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().startsWith("java.util.regex."));
    }

    private static JobException ofPattern(Throwable link, Exception cause) {
        boolean isTooLarge = link instanceof StackOverflowError
                || String.valueOf(link.getMessage()).startsWith("Stack overflow");
        String reason = link instanceof PatternSyntaxException syntax ? syntax.getDescription() : "";
        return isTooLarge
                ? new JobException(
                        ErrorCode.INVALID_QUERY,
                        "A pattern of LIKE, RLIKE, split or a function for regular expressions is too long or too deeply"
                                + " nested, or it repeats a group too often in a long text",
                        "make it shorter, or repeat [ab] instead of (a|b)",
                        cause)
                : new JobException(
                        ErrorCode.INVALID_QUERY,
                        "A pattern is not a regular expression: " + lowerCase(reason),
                        "write a backslash before characters that stand for themselves, such as \\\\( for a bracket",
                        cause);
    }

    /** Null if it is not about the query, such as a file that cannot be read. */
    private static JobException ofCondition(SparkThrowable e, SqlText text, String file, Exception cause) {
        String state = e.getSqlState() == null ? "42" : e.getSqlState();
        String of = file != null && state.startsWith(VALUE_STATE) ? ", in a row of " + file : "";
        if (state.startsWith(LIMIT_STATE)) {
            return explained(ErrorCode.LIMIT_EXCEEDED, e, text, of, cause);
        }
        if (String.valueOf(((Throwable) e).getMessage()).contains("'COLUMN_IS_NOT_VARIANT_TYPE'")) {
            // Spark has no text for it.
            return new JobException(
                    ErrorCode.INVALID_QUERY,
                    "What is before a colon is not of the type VARIANT",
                    "use a dot for a field of a struct, or make a VARIANT with parse_json",
                    position(e, text),
                    cause);
        }
        if (e.getCondition().equals("INTERNAL_ERROR") || state.startsWith("XX")) {
            return ofSpark(position(e, text), cause);
        }
        boolean isOfTheQuery = OF_THE_QUERY.stream().anyMatch(state::startsWith) && !state.startsWith("22KD");
        return isOfTheQuery ? explained(ErrorCode.INVALID_QUERY, e, text, of, cause) : null;
    }

    /** @param of follows the message */
    private static JobException explained(ErrorCode code, SparkThrowable e, SqlText text, String of, Exception cause) {
        List<String> facts = new ArrayList<>();
        List<String> advice = new ArrayList<>();
        for (String sentence : sentences(e)) {
            (ADVICE.matcher(sentence).find() ? advice : facts).add(sentence);
        }
        String message = facts.isEmpty() ? "The query failed" : upperCase(withoutEnd(String.join(" ", facts)));
        String hint = lowerCase(withoutEnd(String.join(" ", advice)));
        Map<String, String> parameters = withoutLongValues(e.getMessageParameters());
        if (e.getCondition().startsWith("UNRESOLVED_COLUMN")) {
            message = unresolved("column", parameters.get("objectName"), parameters.get("proposal"));
            hint = KnownFailures.ofColumn(plain(parameters.get("objectName")), e, text);
        } else if (e.getCondition().startsWith("UNRESOLVED_FIELD")
                || e.getCondition().equals("FIELD_NOT_FOUND")) {
            message = unresolved(
                    "field",
                    parameters.get("fieldName"),
                    parameters.getOrDefault("fields", parameters.get("proposal")));
            hint = "";
        } else if (e.getCondition().startsWith("TABLE_OR_VIEW_NOT_FOUND")) {
            message = "There is no table " + plain(parameters.get("relationName"));
            hint = "name a dataset by its path in backquotes, or a step of WITH";
        } else if (e.getCondition().equals("USER_RAISED_EXCEPTION")) {
            message = shortened(parameters.get("errorMessage"));
            hint = "";
        } else if (e.getCondition().startsWith("WRONG_NUM_ARGS")) {
            message = "The function " + plain(parameters.get("functionName")) + " takes "
                    + KnownFailures.arguments(parameters.get("expectedNum")) + ", not " + parameters.get("actualNum");
            hint = "";
        } else if (e.getCondition().equals("CAST_INVALID_INPUT")) {
            hint = KnownFailures.ofCast(parameters.get("targetType"));
        } else if (e.getCondition().equals("ARITHMETIC_OVERFLOW")) {
            message = "A number is too large for its type";
        } else if (e.getCondition().equals("CANNOT_RESOLVE_STAR_EXPAND")) {
            message = "There is no table for " + plain(parameters.get("targetString"));
            hint = "";
        } else if (e.getCondition().startsWith("UNRESOLVED_ROUTINE")) {
            String name = plain(parameters.get("routineName")).replace("`", "");
            message = "There is no function " + name + OtherDialects.function(name, SqlLists.FUNCTIONS.keySet());
            hint = "";
        }
        String shown = message.isBlank() ? "The query failed" : message;
        KnownFailures.Words words = KnownFailures.of(e).orElse(new KnownFailures.Words(shown, hint));
        return new JobException(code, words.message() + of, words.hint(), position(e, text), cause);
    }

    /** @param proposal similar names in backquotes, with commas between them, or null */
    private static String unresolved(String kind, String name, String proposal) {
        String wanted = plain(name);
        String message = "There is no " + kind + " " + wanted;
        if (proposal == null || proposal.isBlank()) {
            return message;
        }
        List<String> names = Arrays.stream(proposal.split(", "))
                .map(SqlFailures::plain)
                .distinct()
                .toList();
        String last = wanted.substring(wanted.lastIndexOf('.') + 1);
        List<String> lastParts = names.stream()
                .map(each -> each.substring(each.lastIndexOf('.') + 1))
                .distinct()
                .toList();
        String suggestion = Suggestions.among(last, lastParts);
        if (suggestion.isEmpty()) {
            suggestion = Suggestions.containing(last, lastParts);
        }
        String all = names.size() == 1
                ? "; there is only " + names.get(0)
                : "; there are " + (names.size() < MAX_PROPOSED ? "" : "among others ") + String.join(", ", names);
        return message + (suggestion.isEmpty() ? all : suggestion);
    }

    private static List<String> sentences(Object thrown) {
        String message = thrown instanceof SparkThrowable spark && spark.getCondition() != null
                ? SparkThrowableHelper.getMessage(spark.getCondition(), withoutLongValues(spark.getMessageParameters()))
                : shortened(String.valueOf(((Throwable) thrown).getMessage()), MAX_PART);
        boolean isAboutValues = thrown instanceof SparkThrowable spark
                && spark.getSqlState() != null
                && spark.getSqlState().startsWith(VALUE_STATE);
        String bare = LAMBDA.matcher(
                        MISMATCH.matcher(AROUND.matcher(message).replaceAll("").strip())
                                .replaceFirst(""))
                .replaceAll("the lambda")
                .strip();
        String clean = plain(CLASSES.matcher(bare).replaceAll("a class of Spark"));
        List<String> sentences = Arrays.stream(
                        SENTENCE_END.split(isAboutValues ? shortened(clean) : Failure.withoutFolders(clean)))
                .filter(sentence -> !IMPOSSIBLE.matcher(sentence).find() && !sentence.isBlank())
                .toList();
        return sentences.isEmpty()
                ? List.of(SETTINGS.matcher(firstSentence(clean)).replaceAll("…"))
                : sentences;
    }

    private static String firstSentence(String text) {
        return Failure.withoutFolders(
                SENTENCE_END.splitAsStream(text).findFirst().orElse(""));
    }

    /** Values in a message can be as long as memory allows, and the expressions here need the square of the time. */
    private static Map<String, String> withoutLongValues(Map<String, String> parameters) {
        Map<String, String> shorter = new HashMap<>();
        parameters.forEach((name, value) -> shorter.put(name, value == null ? null : shortened(value, MAX_PART)));
        return shorter;
    }

    private static String shortened(String message) {
        return shortened(message, 500);
    }

    /** Keeps the end of what is in quotes. */
    private static String shortened(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        return text.substring(0, max - 1) + "…"
                + (text.endsWith("\"") || text.endsWith("'") ? text.substring(text.length() - 1) : "");
    }

    /** Without what users need not know: the catalog, the file system, and quotes around simple names. */
    private static String plain(String text) {
        String withoutCatalog = CATALOG.matcher(text == null ? "" : text).replaceAll("");
        String withoutAddress = ADDRESSES.matcher(withoutCatalog).replaceAll("");
        return SIMPLE_QUOTES.matcher(withoutAddress).replaceAll("$1");
    }

    private static String withoutEnd(String sentence) {
        return sentence.replaceFirst("\\.+$", "");
    }

    private static String upperCase(String sentence) {
        return sentence.isEmpty() ? "" : sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
    }

    private static String lowerCase(String sentence) {
        return sentence.isEmpty() ? "" : sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }

    private static TextPosition position(SparkThrowable e, SqlText text) {
        QueryContext[] contexts = e.getQueryContext();
        if (contexts != null && contexts.length > 0 && contexts[0].startIndex() >= 0) {
            return text.position(contexts[0]);
        }
        return e instanceof AnalysisException analysis
                        && analysis.line().isDefined()
                        && analysis.startPosition().isDefined()
                ? text.positionOf((Integer) analysis.line().get(), (Integer)
                        analysis.startPosition().get())
                : null;
    }
}
