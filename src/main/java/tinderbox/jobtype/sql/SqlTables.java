package tinderbox.jobtype.sql;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.AliasIdentifier;
import org.apache.spark.sql.catalyst.analysis.CTESubstitution$;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.analysis.UnresolvedTableValuedFunction;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.execution.datasources.DataSourceUtils;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation$;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Map$;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.Datasets;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.result.Column;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobInput;
import tinderbox.jobtype.ResultRoot;

/** The datasets that are the tables of a query. */
final class SqlTables {
    private static final int MAX_FILES = 10_000;

    /** A table without the place where the query names it. */
    private record Key(List<String> parts, String reader, Map<String, String> options) {
        static Key of(SqlTableName table) {
            return new Key(table.parts(), table.reader(), table.options());
        }
    }

    private final SqlText text;
    private final Map<Key, HadoopFsRelation> relations = new HashMap<>();
    private final Map<String, Dataset> datasets = new LinkedHashMap<>();

    private SqlTables(SqlText text) {
        this.text = text;
    }

    /**
     * The datasets that the tables of a query are, each where the query names it.
     *
     * @throws JobException with everything that is wrong with them
     */
    static List<JobInput> inputs(SqlQuery query, Datasets datasets) {
        SqlNames names = new SqlNames(datasets);
        List<JobInput> inputs = new ArrayList<>();
        List<FieldProblem> problems = new ArrayList<>();
        for (SqlTableName table : query.tables()) {
            try {
                String path = names.path(table);
                if (ResultRoot.isResult(path)) {
                    checkNoOptions(table);
                } else {
                    SqlOptions.of(names.format(table, path), table.options());
                }
                inputs.add(new JobInput(path, Sql.QUERY.field(), table.position()));
            } catch (SqlTableProblem e) {
                problems.add(new FieldProblem(Sql.QUERY.field(), e.getMessage(), table.position()));
            }
        }
        if (!problems.isEmpty()) {
            throw new JobException(ErrorCode.INVALID_JOB, "The job cannot be accepted", problems);
        }
        return inputs;
    }

    private static void checkNoOptions(SqlTableName table) throws SqlTableProblem {
        if (table.reader() != null || !table.options().isEmpty()) {
            throw new SqlTableProblem(
                    "gives options for the result of a job, which is read as it was written; write only"
                            + " its path, in backquotes");
        }
    }

    /** Opens the tables of a query, and finds out what columns they have. */
    static SqlTables open(SqlQuery query, JobContext context, SqlSchemas schemas) {
        SqlTables tables = new SqlTables(query.source());
        SqlNames names = new SqlNames(context.datasets());
        for (SqlTableName table : query.tables()) {
            context.throwIfCancelled();
            Key key = Key.of(table);
            if (!tables.relations.containsKey(key)) {
                tables.relations.put(key, tables.open(table, names, context, schemas));
            }
        }
        return tables;
    }

    /** Each dataset once. */
    Collection<Dataset> datasets() {
        return datasets.values();
    }

    private HadoopFsRelation open(SqlTableName table, SqlNames names, JobContext context, SqlSchemas schemas) {
        try {
            String path = names.path(table);
            Dataset dataset = datasets.get(path);
            if (dataset == null) {
                dataset = context.input(path);
                datasets.put(path, dataset);
                checkFiles(path);
            }
            if (ResultRoot.isResult(path)) {
                checkNoOptions(table);
                return result(dataset, context, schemas);
            }
            SqlOptions options = SqlOptions.of(SqlNames.format(table, dataset), table.options());
            StructType schema = schemas.of(dataset, options, context.spark(), context.reader(dataset));
            Separators.warn(path, options, schema, context);
            return relation(dataset, options.format().source(), options.forSpark(), schema, context.spark());
        } catch (SqlTableProblem e) {
            throw new JobException(
                    ErrorCode.INVALID_INPUT,
                    "The query " + e.getMessage(),
                    "this has changed since the job was accepted; correct the query, and run it again",
                    table.position(),
                    e);
        }
    }

    private void checkFiles(String path) {
        int files = datasets.values().stream()
                .mapToInt(dataset -> dataset.files().size())
                .sum();
        if (files > MAX_FILES) {
            throw new JobException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "The tables of the query, up to " + path + ", have " + files + " files, and a query reads at most "
                            + MAX_FILES,
                    "put what belongs together into fewer files");
        }
    }

    private static HadoopFsRelation result(Dataset dataset, JobContext context, SqlSchemas schemas) {
        ResultRoot results =
                (ResultRoot) context.datasets().root(ResultRoot.NAME).orElseThrow();
        try {
            List<Column> columns = results.describe(dataset.path()).columns();
            StructType schema = schemas.ofResult(dataset, columns, context.spark(), context.reader(dataset));
            List<String> texts = ResultColumns.tooLong(columns, schema);
            if (!texts.isEmpty()) {
                context.warn(
                        "In " + dataset.path() + ", these columns have numbers of more than 38 digits, and are texts"
                                + " here: " + String.join(", ", texts));
            }
            return relation(dataset, new ResultFormat(), Map$.MODULE$.empty(), schema, context.spark());
        } catch (IOException e) {
            throw new JobException(
                    ErrorCode.INVALID_INPUT,
                    "The result " + dataset.path() + " cannot be read: it was deleted, or is damaged",
                    "run that job again, and name its new result",
                    e);
        }
    }

    private static HadoopFsRelation relation(
            Dataset dataset,
            FileFormat source,
            scala.collection.immutable.Map<String, String> options,
            StructType schema,
            SparkSession spark) {
        checkNames(dataset.path(), schema);
        DataSourceUtils.verifySchema(source, schema, true);
        // Whatever a file says of itself, the next one of its folder may lack a column.
        StructType nullable = schema.asNullable();
        return new HadoopFsRelation(
                new SqlFileIndex(dataset), new StructType(), nullable, Option.empty(), source, options, spark);
    }

    /** Spark finds the columns of files by names without case. */
    private static void checkNames(String path, StructType schema) {
        Set<String> names = new HashSet<>();
        if (schema.isEmpty()) {
            throw new JobException(
                    ErrorCode.INVALID_INPUT, path + " has no columns", "choose another input, or replace it");
        }
        for (String name : schema.fieldNames()) {
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                throw new JobException(
                        ErrorCode.INVALID_INPUT,
                        path + " has more than one column " + name,
                        "the names of columns must differ in more than upper and lower case; give each another name, in a"
                                + " query with AS, or with the option schema, such as schema => 'a INT, b STRING'");
            }
        }
    }

    /** The plan of the query with its tables in the place of their names. Recurses as deep as the plan. */
    LogicalPlan in(LogicalPlan parsed) {
        // What is left after that names no part of the query.
        LogicalPlan plan = CTESubstitution$.MODULE$.apply(parsed);
        return plan.transformUpWithSubqueries(new AbstractPartialFunction<LogicalPlan, LogicalPlan>() {
            @Override
            public boolean isDefinedAt(LogicalPlan node) {
                return node instanceof UnresolvedRelation
                        || (node instanceof UnresolvedTableValuedFunction function && SqlTableName.isReader(function));
            }

            @Override
            public LogicalPlan apply(LogicalPlan node) {
                if (node instanceof UnresolvedRelation relation) {
                    SqlTableName table = SqlTableName.of(relation, text);
                    return new SubqueryAlias(alias(table.parts()), table(table));
                }
                return table(SqlTableName.of((UnresolvedTableValuedFunction) node, text));
            }
        });
    }

    private LogicalPlan table(SqlTableName table) {
        HadoopFsRelation relation = relations.get(Key.of(table));
        if (relation == null) {
            throw new JobException(
                    ErrorCode.INVALID_INPUT,
                    "The query names the table " + String.join(".", table.parts()) + ", which is not known here",
                    "name a dataset, or a query of WITH that is visible here",
                    table.position(),
                    null);
        }
        LogicalRelation leaf = LogicalRelation$.MODULE$.apply(relation, false);
        List<NamedExpression> columns = new ArrayList<>(CollectionConverters.asJava(leaf.output()));
        Project visible = new Project(CollectionConverters.asScala(columns).toSeq(), leaf);
        // Otherwise queries could ask for _metadata, which has the addresses of files.
        visible.setTagValue(
                Project.hiddenOutputTag(),
                CollectionConverters.asScala(List.<Attribute>of()).toSeq());
        return visible;
    }

    private static AliasIdentifier alias(List<String> parts) {
        int last = parts.size() - 1;
        return new AliasIdentifier(
                parts.get(last),
                CollectionConverters.asScala(parts.subList(0, last)).toSeq());
    }
}
