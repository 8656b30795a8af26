package tinderbox.jobtype.sql;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.jdk.javaapi.CollectionConverters;
import tinderbox.dataset.Compression;
import tinderbox.dataset.Dataset;

/** The settings of the session in which a query runs. */
final class SqlSession {
    private static final String OPTIMIZER = "org.apache.spark.sql.catalyst.optimizer.";

    /**
     * Rules that compute on the driver's thread, where nothing can interrupt them or limit their memory, and those that rely
     * on it; without them, tasks compute. {@link CheapFolding} does what is safe.
     */
    private static final List<String> EXCLUDED_RULES = List.of(
            OPTIMIZER + "ConstantFolding",
            OPTIMIZER + "ConvertToLocalRelation",
            // It computes conditions with nulls in the place of columns.
            OPTIMIZER + "EliminateOuterJoin",
            OPTIMIZER + "EliminateAggregateFilter",
            // Without constants computed first, it makes NULL of an index beyond the end of an array.
            OPTIMIZER + "SimplifyExtractValueOps");

    private static final String EXCLUDED = String.join(",", EXCLUDED_RULES);

    /** Larger tables are not sent to all tasks: each copy is in memory, whole. */
    private static final String MAX_BROADCAST = "8m";

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("spark.sql.ansi.enabled", "true"),
            Map.entry("spark.sql.session.timeZone", "UTC"),
            Map.entry("spark.sql.caseSensitive", "false"),
            // Otherwise a file with a timestamp in nanoseconds could not be read at all.
            Map.entry("spark.sql.legacy.parquet.nanosAsLong", "true"),
            Map.entry("spark.sql.udt.allowCreatingUDTFromString", "false"),
            Map.entry("spark.sql.optimizer.excludedRules", EXCLUDED),
            Map.entry("spark.sql.adaptive.optimizer.excludedRules", EXCLUDED),
            Map.entry("spark.sql.optimizer.maxIterations", "100"),
            Map.entry("spark.sql.analyzer.maxIterations", "100"),
            Map.entry("spark.sql.parser.eagerEvalOfUnresolvedInlineTable", "false"),
            // Otherwise the steps of a recursion would be computed on the driver.
            Map.entry("spark.sql.cteRecursionAnchorRowsLimitToConvertToLocalRelation", "0"),
            Map.entry("spark.sql.cteRecursionLevelLimit", "100"),
            Map.entry("spark.sql.cteRecursionRowLimit", "1000000"),
            Map.entry("spark.sql.autoBroadcastJoinThreshold", MAX_BROADCAST),
            Map.entry("spark.sql.adaptive.autoBroadcastJoinThreshold", MAX_BROADCAST),
            Map.entry("spark.sql.maxBroadcastTableSize", "256m"),
            Map.entry("spark.sql.execution.topKSortFallbackThreshold", Integer.toString(SqlLimit.MAX_SORTED_IN_MEMORY)),
            // A plan is kept as a text, and written to logs.
            Map.entry("spark.sql.debug.maxToStringFields", "25"),
            Map.entry("spark.sql.maxPlanStringLength", "65536"),
            Map.entry("spark.sql.maxMetadataStringLength", "100"));

    /** How much input, in bytes, each task of a shuffle gets at most. */
    private static final long SHUFFLE_BYTES = 32 << 20;

    private static final long MAX_SHUFFLE_PARTITIONS = 2_000;

    /** So much input is read by one task of each table. */
    private static final long BYTES_OF_ONE_TASK = 4 << 20;

    private static final long FILES_OF_ONE_TASK = 16;

    /** A plan of one stage is not changed on the way, and joins in place: a broadcast is a job of its own. */
    private static final Map<String, String> ONE_TASK = Map.of(
            "spark.sql.adaptive.enabled", "false",
            "spark.sql.autoBroadcastJoinThreshold", "-1");

    private SqlSession() {}

    /** Sets the session of an attempt up; the operator's settings do not override these. */
    static void configure(SparkSession attemptSession) {
        SETTINGS.forEach((name, value) -> attemptSession.conf().set(name, value));
        attemptSession
                .experimental()
                .extraOptimizations_$eq(CollectionConverters.asScala(
                                List.of(new CheapFolding(), new ScalarSubqueryLimit(), new CancelChecks()))
                        .toSeq());
    }

    /** Uses as many tasks as this input needs; few are better for little input. */
    static void expect(SparkSession attemptSession, Collection<Dataset> input) {
        long bytes = input.stream().mapToLong(Dataset::bytes).sum();
        long files = input.stream().mapToLong(dataset -> dataset.files().size()).sum();
        if (files > 0
                && files <= FILES_OF_ONE_TASK
                && bytes <= BYTES_OF_ONE_TASK
                && input.stream().allMatch(SqlSession::isPlainText)) {
            ONE_TASK.forEach((name, value) -> attemptSession.conf().set(name, value));
            attemptSession
                    .experimental()
                    .extraStrategies_$eq(CollectionConverters.asScala(List.<SparkStrategy>of(new OneTask()))
                            .toSeq());
        }
        long cores = attemptSession.sparkContext().defaultParallelism();
        long partitions = Math.max(cores, Math.min(MAX_SHUFFLE_PARTITIONS, bytes / SHUFFLE_BYTES));
        attemptSession.conf().set("spark.sql.shuffle.partitions", partitions);
    }

    /** Others may have far more rows than their size tells. */
    private static boolean isPlainText(Dataset dataset) {
        return dataset.files().stream()
                .map(Dataset.File::path)
                .allMatch(name -> !Compression.of(name).isCompressed()
                        && SqlFormat.of(name).isText());
    }
}
