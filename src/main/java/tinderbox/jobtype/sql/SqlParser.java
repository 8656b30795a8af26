package tinderbox.jobtype.sql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.catalyst.parser.AbstractParser$;
import org.apache.spark.sql.catalyst.parser.ParameterLocation;
import org.apache.spark.sql.catalyst.parser.ParameterLocationInfo;
import org.apache.spark.sql.catalyst.parser.ParserUtils;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SubstituteParmsAstBuilder;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkSqlAstBuilder;
import org.apache.spark.sql.internal.SQLConf;
import scala.Function1;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;

/**
 * Parses and checks a query. Needs no session, and knows nothing of the environment: Spark's own entry, {@code
 * SparkSqlParser}, also replaces variables such as {@code ${env:HOME}}.
 */
final class SqlParser {
    /** The parser, and most of all its visitor, recurse; a text within the limits needs a fraction of this. */
    private static final long STACK_BYTES = 256L << 20;

    static final Duration MAX_TIME = Duration.ofSeconds(10);

    /** Texts that are parsed at the same time. */
    private static final Semaphore PERMITS = new Semaphore(4, true);

    /** Requests wait for a permit on threads that all requests need. */
    private static final int MAX_WAITING = 8;

    /** What ANTLR has learned from texts is forgotten then: a state takes about 6 kB, and odd texts teach many. */
    private static final String MAX_LEARNED_STATES = "10000";

    private static final SQLConf CONF = conf();

    private SqlParser() {}

    /**
     * Parses and checks one statement.
     *
     * @param args values of its named parameters: String, Long, BigDecimal, Boolean or null
     * @throws JobException {@link ErrorCode#INVALID_JOB} if it is not one query that may run
     */
    static ParsedSql parse(String text, Map<String, Object> args) {
        if (text.length() > SqlText.MAX_LENGTH) {
            throw SqlProblems.invalid(SqlText.tooLong(""));
        }
        try {
            if (PERMITS.getQueueLength() >= MAX_WAITING
                    || !PERMITS.tryAcquire(MAX_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
                throw busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        }
        try {
            return onLargeStack(() -> SQLConf.withExistingConf(CONF, () -> parseAndCheck(text, args)));
        } finally {
            PERMITS.release();
        }
    }

    private static JobException busy() {
        return new JobException(
                ErrorCode.SERVER_BUSY, "The server is checking too many queries", "send the request again in a moment");
    }

    private static ParsedSql parseAndCheck(String sent, Map<String, Object> args) {
        SqlText text = SqlText.of(sent);
        try {
            Deadline deadline = Deadline.after(MAX_TIME);
            List<SqlText.Marker> markers = markers(text, deadline);
            if (!markers.isEmpty()) {
                text = bound(text, markers, args);
            }
            LogicalPlan plan = plan(text, deadline);
            return new ParsedSql(text, plan, SqlChecker.check(plan, text, args.keySet()));
        } catch (JobException e) {
            throw e;
        } catch (StackOverflowError | Deadline.PassedException e) {
            throw SqlProblems.invalid("is too complicated to be parsed; split it into simpler steps", null);
        } catch (Exception e) {
            // Java does not know that Scala throws ParseException, a checked exception, here.
            throw SqlFailures.syntax(e, text);
        }
    }

    private static LogicalPlan plan(SqlText text, Deadline deadline) {
        return parsed(text, deadline, parser -> {
            SqlBaseParser.CompoundOrSingleStatementContext tree = parser.compoundOrSingleStatement();
            // Notes in each node where in the text it is.
            return ParserUtils.withOrigin(
                    tree,
                    Option.apply(text.parsed()),
                    () -> new SparkSqlAstBuilder().visitCompoundOrSingleStatement(tree));
        });
    }

    /** The parameters of a text. */
    private static List<SqlText.Marker> markers(SqlText text, Deadline deadline) {
        if (text.sent().indexOf(':') < 0 && text.sent().indexOf('?') < 0) {
            return List.of();
        }
        ParameterLocationInfo found = parsed(
                text,
                deadline,
                parser ->
                        new SubstituteParmsAstBuilder().extractParameterLocations(parser.compoundOrSingleStatement()));
        if (found.positionalParameterLocations().nonEmpty()) {
            ParameterLocation first = found.positionalParameterLocations().head();
            throw SqlProblems.invalid(
                    "must name its parameters, such as :year instead of ?", text.position(first.start(), first.end()));
        }
        List<SqlText.Marker> markers = new ArrayList<>();
        CollectionConverters.asJava(found.namedParameterLocations())
                .forEach((name, locations) -> CollectionConverters.asJava(locations)
                        .forEach(location -> markers.add(new SqlText.Marker(name, location.start(), location.end()))));
        return markers;
    }

    private static SqlText bound(SqlText text, List<SqlText.Marker> markers, Map<String, Object> args) {
        List<FieldProblem> missing = markers.stream()
                .filter(marker -> !args.containsKey(marker.name()))
                .map(marker -> new FieldProblem(
                        Sql.QUERY.field(),
                        "has the parameter :" + marker.name() + ", which has no value; "
                                + (args.isEmpty()
                                        ? "give it one in args"
                                        : "args has " + String.join(", ", new TreeSet<>(args.keySet()))),
                        text.position(marker.start(), marker.end())))
                .toList();
        if (!missing.isEmpty()) {
            throw new JobException(ErrorCode.INVALID_JOB, "The job cannot be accepted", missing);
        }
        return SqlText.withArguments(text.sent(), markers, args);
    }

    private static <T> T parsed(SqlText text, Deadline deadline, Function1<SqlBaseParser, T> result) {
        var tokens = new SqlTokens(text, deadline);
        tokens.checkDepth(SqlTokens.MAX_DEPTH);
        var parser = new SqlBaseParser(tokens);
        AbstractParser$.MODULE$.configureParser(parser, text.parsed(), tokens, CONF);
        try {
            return AbstractParser$.MODULE$.executeWithTwoStageStrategy(parser, tokens, result);
        } finally {
            // What the parser has learned stays in a cache that all of Spark shares.
            AbstractParser$.MODULE$.maybeClearParserCaches(parser, CONF);
        }
    }

    private static SQLConf conf() {
        var conf = new SQLConf();
        Map.of(
                        "spark.sql.ansi.enabled", "true",
                        "spark.sql.session.timeZone", "UTC",
                        "spark.sql.variable.substitute", "false",
                        "spark.sql.parser.eagerEvalOfUnresolvedInlineTable", "false",
                        "spark.sql.parser.parserDfaCacheFlushThreshold", MAX_LEARNED_STATES)
                .forEach(conf::setConfString);
        return conf;
    }

    private static <T> T onLargeStack(Callable<T> work) {
        var task = new FutureTask<>(work);
        new Thread(null, task, "sql-parser", STACK_BYTES).start();
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy();
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
