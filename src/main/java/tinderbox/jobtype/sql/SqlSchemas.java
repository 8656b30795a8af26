package tinderbox.jobtype.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.csv.CSVInferSchema;
import org.apache.spark.sql.catalyst.json.CreateJacksonParser;
import org.apache.spark.sql.catalyst.json.JsonInferSchema;
import org.apache.spark.sql.execution.datasources.csv.CSVUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Function2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import tinderbox.common.Causes;
import tinderbox.common.Sha256;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.FileReplacedException;
import tinderbox.dataset.RootUnreachableException;
import tinderbox.dataset.UnreadableFileException;
import tinderbox.dataset.UnreadableOnWorkerException;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.result.Column;
import tinderbox.jobtype.InputFailures;
import tinderbox.jobtype.InputReader;

/**
 * The columns of tables and their types. What has been found out is kept, for as long as the files are the same. Thread-safe.
 */
final class SqlSchemas {
    private static final int MAX_ENTRIES = 1_000;

    /** Of all schemas together, as JSON. */
    private static final long MAX_CHARS = 16 << 20;

    private static final StructType TEXT = new StructType().add("value", DataTypes.StringType);

    /**
     * What a schema depends on.
     *
     * @param files a hash of all files: where they are, their sizes, and what changes when they do
     */
    private record Key(String path, SqlFormat format, Map<String, String> options, String files) {}

    private record Entry(StructType schema, long chars) {}

    private final Map<Key, Entry> known = new LinkedHashMap<>(16, 0.75f, true);
    private long chars;

    /** A table's columns; found out by a Spark job if they are not known. */
    StructType of(Dataset dataset, SqlOptions options, SparkSession spark, InputReader reader) {
        Optional<StructType> before = known(dataset, options);
        if (before.isPresent()) {
            return before.get();
        }
        Key key = key(dataset, options);
        StructType schema = infer(dataset, options, spark, reader);
        keep(key, schema);
        return schema;
    }

    /** A table's columns, if they need not be found out. */
    Optional<StructType> known(Dataset dataset, SqlOptions options) {
        if (options.schema() != null) {
            return Optional.of(options.schema());
        }
        return options.format() == SqlFormat.TEXT ? Optional.of(TEXT) : find(key(dataset, options));
    }

    /** As {@link #known}, of a result. */
    Optional<StructType> knownOfResult(Dataset dataset) {
        return find(keyOfResult(dataset));
    }

    private static Key key(Dataset dataset, SqlOptions options) {
        return new Key(dataset.path(), options.format(), options.spark(), hash(dataset));
    }

    private static Key keyOfResult(Dataset dataset) {
        return new Key(dataset.path(), null, Map.of(), hash(dataset));
    }

    /** The columns of a result. */
    StructType ofResult(Dataset dataset, List<Column> columns, SparkSession spark, InputReader reader) {
        Key key = keyOfResult(dataset);
        Optional<StructType> before = find(key);
        if (before.isPresent()) {
            return before.get();
        }
        List<ResultColumns.Numbers> numbers = columns.stream().anyMatch(ResultColumns::dependsOnNumbers)
                ? numbers(dataset, columns, spark, reader)
                : Collections.nCopies(columns.size(), ResultColumns.Numbers.NONE);
        StructType schema = ResultColumns.schema(columns, numbers);
        keep(key, schema);
        return schema;
    }

    private static List<ResultColumns.Numbers> numbers(
            Dataset dataset, List<Column> columns, SparkSession spark, InputReader reader) {
        return new JavaSparkContext(spark.sparkContext())
                .parallelize(dataset.files(), 1)
                .map(file -> {
                    try (InputStream rows = reader.open(file)) {
                        return ResultColumns.numbers(rows, columns);
                    }
                })
                .first();
    }

    private static String hash(Dataset dataset) {
        StringBuilder text = new StringBuilder();
        for (Dataset.File file : dataset.files()) {
            text.append(file.location()).append(' ').append(file.bytes()).append(' ');
            text.append(file.modifiedAt()).append(' ').append(file.key()).append('\n');
        }
        return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private synchronized Optional<StructType> find(Key key) {
        return Optional.ofNullable(known.get(key)).map(Entry::schema);
    }

    private synchronized void keep(Key key, StructType schema) {
        Entry entry = new Entry(schema, schema.json().length());
        Entry before = known.put(key, entry);
        chars += entry.chars() - (before == null ? 0 : before.chars());
        Iterator<Entry> oldest = known.values().iterator();
        while (known.size() > MAX_ENTRIES || chars > MAX_CHARS) {
            chars -= oldest.next().chars();
            oldest.remove();
        }
    }

    private static StructType infer(Dataset dataset, SqlOptions options, SparkSession spark, InputReader reader) {
        return switch (options.format()) {
            case CSV, TSV -> csv(dataset, options, spark, reader);
            case JSON -> json(dataset, options, spark, reader);
            case PARQUET, ORC -> columnar(dataset, options, spark);
            case TEXT -> TEXT;
        };
    }

    private static JavaRDD<FileSample> samples(Dataset dataset, SparkSession spark) {
        JavaSparkContext tasks = new JavaSparkContext(spark.sparkContext());
        List<FileSample> samples = FileSample.of(dataset);
        return tasks.parallelize(samples, Math.max(1, Math.min(samples.size(), tasks.defaultParallelism())));
    }

    private static StructType csv(Dataset dataset, SqlOptions options, SparkSession spark, InputReader reader) {
        List<CsvColumns> parts = samples(dataset, spark)
                .mapPartitions(samples ->
                        List.of(CsvColumns.of(samples, reader, options)).iterator())
                .collect();
        CsvColumns all = parts.get(0);
        for (CsvColumns part : parts.subList(1, parts.size())) {
            all = all.with(part, options);
        }
        if (all.file() == null) {
            throw unreadable(dataset.path(), "is empty, and has not even the names of columns");
        }
        if (all.other() != null) {
            throw new JobException(
                    ErrorCode.INVALID_INPUT,
                    "The files " + all.file() + " and " + all.other() + " have different first lines",
                    "files of a folder must have the same columns in the same order; name one of the files, or give"
                            + " header => false");
        }
        return new StructType(new CSVInferSchema(options.csv())
                .toStructFields(all.types().toArray(DataType[]::new), names(all, options)));
    }

    /** The names of the columns: those without one get a number. */
    private static String[] names(CsvColumns columns, SqlOptions options) {
        Set<String> names = new HashSet<>();
        for (String name : columns.first()) {
            boolean isNamed = options.header() && name != null && !name.isEmpty();
            if (isNamed && !names.add(name.toLowerCase(Locale.ROOT))) {
                throw new JobException(
                        ErrorCode.INVALID_INPUT,
                        "The file " + columns.file() + " has more than one column " + name,
                        "names of columns must differ in more than upper and lower case; name them in the query with"
                                + " the option schema, such as schema => 'a INT, b STRING', or give header => false");
            }
        }
        return CSVUtils.makeSafeHeader(columns.first().toArray(String[]::new), false, options.csv());
    }

    private static StructType json(Dataset dataset, SqlOptions options, SparkSession spark, InputReader reader) {
        JavaRDD<String> records = samples(dataset, spark).flatMap(sample -> JsonRecords.of(sample, reader, options));
        Function2<JsonFactory, String, JsonParser> parser =
                (Function2<JsonFactory, String, JsonParser> & Serializable) CreateJacksonParser::string;
        try {
            return new JsonInferSchema(options.json()).infer(records.rdd(), parser, false);
        } catch (Exception e) {
            // Scala does not declare what it throws.
            for (Throwable link : Causes.of(e).toList()) {
                if (link instanceof JsonProcessingException json) {
                    throw new JobException(
                            ErrorCode.INVALID_INPUT,
                            "The input " + dataset.path() + " has a record that is not JSON: "
                                    + SqlRecordFailures.json(json),
                            "each line must be a JSON value; multiline => true is for values that go over several lines,"
                                    + " and mode => 'PERMISSIVE' makes nulls of what is not JSON",
                            e);
                }
            }
            throw e;
        }
    }

    private static StructType columnar(Dataset dataset, SqlOptions options, SparkSession spark) {
        Seq<FileStatus> files = CollectionConverters.asScala(new SqlFileIndex(dataset).statuses())
                .toSeq();
        try {
            return options.format()
                    .source()
                    .inferSchema(spark, options.forSpark(), files)
                    .getOrElse(StructType::new);
        } catch (Exception e) {
            if (Causes.of(e).anyMatch(SqlSchemas::isExplained)) {
                throw e;
            }
            String file = InputFailures.fileNamedBy(e, List.of(dataset)).orElse(dataset.path());
            throw new JobException(
                    ErrorCode.INVALID_INPUT,
                    "The columns of " + file + " cannot be read",
                    "is it " + options.format().title()
                            + "? It may be damaged or incomplete; replace it and run the job" + " again",
                    e);
        }
    }

    /** Whether a failure has another reason than the content of a file. */
    private static boolean isExplained(Throwable link) {
        return link instanceof JobException
                || link instanceof InterruptedException
                || link instanceof UnreadableFileException
                || link instanceof UnreadableOnWorkerException
                || link instanceof RootUnreachableException
                || link instanceof FileReplacedException
                || link instanceof FileNotFoundException
                || (link instanceof SparkException spark
                        && String.valueOf(spark.getMessage()).contains("cancelled"));
    }

    private static JobException unreadable(String path, String reason) {
        return new JobException(
                ErrorCode.INVALID_INPUT, "The input " + path + " " + reason, "choose another input, or replace it");
    }
}
