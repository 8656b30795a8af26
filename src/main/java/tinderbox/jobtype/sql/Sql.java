package tinderbox.jobtype.sql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.classic.SparkSession;
import tinderbox.common.Causes;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.hadoop.RowOrigin;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobInput;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;
import tinderbox.jobtype.ResultDisplay;

/** Runs one read-only query of Spark SQL over datasets. */
public final class Sql implements JobType<SqlQuery> {
    /** The name in the API. */
    public static final String NAME = "sql";

    /** The query's text. */
    static final ParamSpec<String> QUERY = ParamSpec.text("query", 65_536)
            .title("Query")
            .help("One SELECT statement; tables are datasets, such as `samples/air/airports.csv`.")
            .syntax("sql")
            .examples(SqlExamples.ALL);

    static final ParamSpec<Map<String, Object>> ARGS = ParamSpec.arguments("args", 100)
            .title("Values")
            .help("What the query names with a colon, such as :year.")
            .defaultsTo(Map.of());

    private static final ParamSpec<Long> MAX_ROWS = ParamSpec.integer("max_rows", 1, 1_000_000_000_000L)
            .title("Most rows")
            .help("Stop after so many rows.")
            .optional();

    private static final ResultDisplay DISPLAY = ResultDisplay.PLAIN.tile("rows", "Rows", ResultDisplay.Unit.COUNT);

    /** One for all servers of a process, since it depends on nothing but files. */
    static final SqlSchemas SCHEMAS = new SqlSchemas();

    /** How many renamed columns the warning names, and how much of each name. */
    private static final int MAX_NAMED = 10;

    private static final int MAX_NAME = 60;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "SQL query";
    }

    @Override
    public String description() {
        return "Answers one question about datasets, asked in SQL.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of(QUERY, ARGS, MAX_ROWS);
    }

    @Override
    public ResultDisplay resultDisplay() {
        return DISPLAY;
    }

    @Override
    public SqlQuery parse(Params params) {
        String text = params.get(QUERY);
        ParsedSql parsed = SqlParser.parse(text, params.get(ARGS));
        return new SqlQuery(text, parsed.text(), params.get(MAX_ROWS), parsed.plan(), parsed.tables());
    }

    @Override
    public List<JobInput> inputs(Params params, SqlQuery query, Datasets datasets) {
        return SqlTables.inputs(query, datasets);
    }

    @Override
    public String label(Params params, SqlQuery query, List<JobInput> inputs) {
        return query.text();
    }

    @Override
    public String searchText(Params params, SqlQuery query, List<JobInput> inputs) {
        return query.text();
    }

    @Override
    public Map<String, Object> run(SqlQuery query, JobContext context) throws Exception {
        try {
            return answer(query, context);
        } catch (Exception e) {
            throw SqlFailures.explain(SqlRecordFailures.explain(e, context), query, fileOf(e, context));
        }
    }

    /** The file whose row a task failed at; null if Spark does not know it. */
    private static String fileOf(Exception e, JobContext context) {
        return RowOrigin.of(Causes.of(e).toList()).flatMap(context::fileNamedBy).orElse(null);
    }

    private static Map<String, Object> answer(SqlQuery query, JobContext context) throws Exception {
        context.phase("checking");
        SqlSession.configure(context.spark());
        context.phase("reading the schema");
        SqlTables tables = SqlTables.open(query, context, SCHEMAS);
        SqlSession.expect(context.spark(), tables.datasets());
        context.phase("planning");
        SqlPlan plan = SqlPlan.of(query, tables, (SparkSession) context.spark());
        warnOfNames(plan.rows(), context);
        context.showPlan(plan.text());
        context.phase("running");
        SqlRows.Written written = plan.rows().write(plan.run(), context, plan.limit());
        context.checkInputs();
        context.showPlan(plan.text());
        if (written.cut()) {
            context.warn(
                    "The result has only the first " + written.rows() + " rows, as max_rows asks; there are more.");
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("rows", written.rows());
        summary.put("cut", written.cut());
        return summary;
    }

    private static void warnOfNames(SqlRows rows, JobContext context) {
        List<String> renamed = rows.renamed();
        if (!renamed.isEmpty()) {
            context.warn("Columns of the query have the same name, or a very long one; in the result they are "
                    + renamed.stream()
                            .limit(MAX_NAMED)
                            .map(name -> ColumnNames.shortened(name, MAX_NAME))
                            .collect(Collectors.joining(", "))
                    + (renamed.size() > MAX_NAMED ? " and " + (renamed.size() - MAX_NAMED) + " more" : "")
                    + ".");
        }
    }
}
