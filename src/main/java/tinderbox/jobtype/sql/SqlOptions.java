package tinderbox.jobtype.sql;

import java.io.Serializable;
import java.nio.charset.Charset;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.catalyst.json.JSONOptionsInRead;
import org.apache.spark.sql.catalyst.util.CharVarcharUtils;
import org.apache.spark.sql.catalyst.util.TimestampFormatter;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;
import tinderbox.dataset.hadoop.HadoopSettings;

/**
 * How the files of a table are read.
 *
 * @param spark the options of Spark's source
 * @param header whether a CSV file begins with the names of its columns
 * @param infer whether the types of a CSV file are found out; otherwise all columns are texts
 * @param schema the columns as the query gives them, or null
 */
record SqlOptions(SqlFormat format, Map<String, String> spark, boolean header, boolean infer, StructType schema)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Longer lines would take too much memory. */
    private static final long MAX_LINE_BYTES = 32 << 20;

    /** More would be memory for one cell of a CSV file. */
    private static final int MAX_CELL_CHARS = 16 << 20;

    private static final int MAX_TEXT = 100;
    private static final int MAX_SCHEMA_CHARS = 65_536;
    private static final int MAX_SCHEMA_COLUMNS = 10_000;

    private static final List<String> CHARSETS =
            List.of("UTF-8", "ISO-8859-1", "US-ASCII", "UTF-16", "UTF-16BE", "UTF-16LE");

    private static final String CSV = "csv";
    private static final String JSON = "json";
    private static final String COLUMNAR = "columnar";

    /** What a value may be. */
    private enum Kind {
        BOOLEAN,
        /** One character. */
        CHAR,
        /** One character, or none to switch it off. */
        OPTIONAL_CHAR,
        SEPARATOR,
        TEXT,
        /** A pattern of dates or times. */
        PATTERN,
        CHARSET,
        MODE,
        SCHEMA
    }

    /**
     * An option.
     *
     * @param name for users
     * @param spark its name in Spark
     * @param sources the sources that have it
     */
    private record Option(String name, String spark, Kind kind, List<String> sources) {}

    /** By name in lower case, without underscores. Nothing here can name a file or a class. */
    private static final Map<String, Option> OPTIONS = options(
            new Option("header", "header", Kind.BOOLEAN, List.of(CSV)),
            new Option("delimiter", "delimiter", Kind.SEPARATOR, List.of(CSV)),
            new Option("sep", "delimiter", Kind.SEPARATOR, List.of(CSV)),
            new Option("quote", "quote", Kind.OPTIONAL_CHAR, List.of(CSV)),
            new Option("escape", "escape", Kind.CHAR, List.of(CSV)),
            new Option("comment", "comment", Kind.CHAR, List.of(CSV)),
            new Option("null_value", "nullValue", Kind.TEXT, List.of(CSV)),
            new Option("empty_value", "emptyValue", Kind.TEXT, List.of(CSV)),
            new Option("nan_value", "nanValue", Kind.TEXT, List.of(CSV)),
            new Option("positive_inf", "positiveInf", Kind.TEXT, List.of(CSV)),
            new Option("negative_inf", "negativeInf", Kind.TEXT, List.of(CSV)),
            new Option("ignore_leading_white_space", "ignoreLeadingWhiteSpace", Kind.BOOLEAN, List.of(CSV)),
            new Option("ignore_trailing_white_space", "ignoreTrailingWhiteSpace", Kind.BOOLEAN, List.of(CSV)),
            new Option("infer_schema", "inferSchema", Kind.BOOLEAN, List.of(CSV)),
            new Option("encoding", "encoding", Kind.CHARSET, List.of(CSV, JSON)),
            new Option("date_format", "dateFormat", Kind.PATTERN, List.of(CSV, JSON)),
            new Option("timestamp_format", "timestampFormat", Kind.PATTERN, List.of(CSV, JSON)),
            new Option("timestamp_ntz_format", "timestampNTZFormat", Kind.PATTERN, List.of(CSV, JSON)),
            new Option("multiline", "multiLine", Kind.BOOLEAN, List.of(CSV, JSON)),
            new Option("mode", "mode", Kind.MODE, List.of(CSV, JSON)),
            new Option("primitives_as_string", "primitivesAsString", Kind.BOOLEAN, List.of(JSON)),
            new Option("allow_comments", "allowComments", Kind.BOOLEAN, List.of(JSON)),
            new Option("allow_single_quotes", "allowSingleQuotes", Kind.BOOLEAN, List.of(JSON)),
            new Option("allow_unquoted_field_names", "allowUnquotedFieldNames", Kind.BOOLEAN, List.of(JSON)),
            new Option("allow_numeric_leading_zeros", "allowNumericLeadingZeros", Kind.BOOLEAN, List.of(JSON)),
            new Option("schema", "schema", Kind.SCHEMA, List.of(CSV, JSON, COLUMNAR)));

    private static Map<String, Option> options(Option... options) {
        Map<String, Option> byName = new TreeMap<>();
        Arrays.stream(options).forEach(option -> byName.put(normalized(option.name()), option));
        return byName;
    }

    private static String normalized(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "");
    }

    private static String source(SqlFormat format) {
        return switch (format) {
            case CSV, TSV -> CSV;
            case JSON -> JSON;
            case PARQUET, ORC -> COLUMNAR;
            case TEXT -> "text";
        };
    }

    /** Checks the options of a table. */
    static SqlOptions of(SqlFormat format, Map<String, String> given) throws SqlTableProblem {
        Map<String, String> spark = new TreeMap<>(defaults(format));
        Set<String> seen = new HashSet<>();
        StructType schema = null;
        for (Map.Entry<String, String> each : given.entrySet()) {
            Option option = OPTIONS.get(normalized(each.getKey()));
            if (option == null || !option.sources().contains(source(format))) {
                throw unknown(each.getKey(), format);
            }
            if (!seen.add(option.spark())) {
                throw new SqlTableProblem("has the option " + option.name() + " more than once");
            }
            if (option.kind() == Kind.SCHEMA) {
                schema = schema(each.getValue());
            } else {
                spark.put(option.spark(), checked(option, each.getValue()));
            }
        }
        boolean multiline = Boolean.parseBoolean(spark.get("multiLine"));
        if (spark.getOrDefault("encoding", "").startsWith("UTF-16") && !multiline) {
            // Otherwise Spark would split lines in the middle of a character.
            spark.put("multiLine", "true");
        }
        boolean header = Boolean.parseBoolean(spark.get("header"));
        boolean infer = Boolean.parseBoolean(spark.getOrDefault("inferSchema", "true"));
        return new SqlOptions(format, Map.copyOf(spark), header, infer, schema);
    }

    /** A record that does not fit fails the query: otherwise Spark would replace what it cannot read by nulls. */
    private static Map<String, String> defaults(SqlFormat format) {
        return switch (format) {
            case CSV, TSV ->
                Map.of(
                        "header", "true",
                        "delimiter", format == SqlFormat.TSV ? "\t" : ",",
                        // As RFC 4180 has it; that of Spark is a backslash.
                        "escape", "\"",
                        "mode", "FAILFAST",
                        // Otherwise records with too few or too many values are noticed only by some queries.
                        "columnPruning", "false",
                        "maxCharsPerColumn", Integer.toString(MAX_CELL_CHARS));
            case JSON -> Map.of("mode", "FAILFAST");
            // Files of a folder may have different columns.
            case PARQUET, ORC -> Map.of("mergeSchema", "true");
            case TEXT -> Map.of();
        };
    }

    private static SqlTableProblem unknown(String name, SqlFormat format) {
        List<String> known = OPTIONS.values().stream()
                .filter(option -> option.sources().contains(source(format)))
                .map(Option::name)
                .toList();
        String all = known.isEmpty()
                ? "such tables have no options"
                : "the options of " + format.title() + " are " + String.join(", ", new TreeSet<>(known));
        return new SqlTableProblem("has the option " + name + ", which " + format.title() + " does not have; " + all);
    }

    private static String checked(Option option, String value) throws SqlTableProblem {
        return switch (option.kind()) {
            case BOOLEAN -> {
                String lower = value.toLowerCase(Locale.ROOT);
                yield valid(option, lower, lower.equals("true") || lower.equals("false"), "true or false");
            }
            case CHAR -> valid(option, value, value.length() == 1, "one character");
            case OPTIONAL_CHAR -> valid(option, value, value.length() <= 1, "one character, or empty for none");
            case SEPARATOR -> valid(option, value, !value.isEmpty() && value.length() <= 10, "1 to 10 characters");
            case TEXT -> valid(option, value, value.length() <= MAX_TEXT, "a text of at most 100 characters");
            case PATTERN ->
                valid(
                        option,
                        value,
                        value.length() <= MAX_TEXT && isPattern(value),
                        "a pattern of Spark's, such as 'dd.MM.yyyy HH:mm'");
            case CHARSET -> {
                String upper = value.toUpperCase(Locale.ROOT);
                yield valid(option, upper, CHARSETS.contains(upper), "one of " + String.join(", ", CHARSETS));
            }
            case MODE -> {
                String upper = value.toUpperCase(Locale.ROOT);
                boolean known =
                        List.of("FAILFAST", "PERMISSIVE", "DROPMALFORMED").contains(upper);
                yield valid(
                        option,
                        upper,
                        known,
                        "FAILFAST (a record that does not fit fails the query), PERMISSIVE (it becomes nulls) or"
                                + " DROPMALFORMED (it is left out)");
            }
            case SCHEMA -> throw new IllegalArgumentException("a schema is no text for Spark's source");
        };
    }

    private static String valid(Option option, String value, boolean valid, String allowed) throws SqlTableProblem {
        if (!valid) {
            throw new SqlTableProblem("has the option " + option.name() + ", which must be " + allowed);
        }
        return value;
    }

    private static boolean isPattern(String pattern) {
        try {
            TimestampFormatter.apply(pattern, ZoneOffset.UTC, true).validatePatternString(false);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static StructType schema(String ddl) throws SqlTableProblem {
        String must = "has the option schema, which must be columns with their types, such as 'id INT, day DATE'";
        if (ddl.length() > MAX_SCHEMA_CHARS) {
            throw new SqlTableProblem(must + "; it is too long");
        }
        StructType schema;
        try {
            SqlTokens.checkSchema(ddl);
            schema = (StructType) CharVarcharUtils.replaceCharVarcharWithString(StructType.fromDDL(ddl))
                    .asNullable();
        } catch (Exception e) {
            // A ParseException, which Scala does not declare.
            throw new SqlTableProblem(must);
        }
        TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : schema.fieldNames()) {
            if (!names.add(name)) {
                throw new SqlTableProblem(must + "; it has the column " + name + " twice");
            }
        }
        if (schema.isEmpty() || schema.size() > MAX_SCHEMA_COLUMNS) {
            throw new SqlTableProblem(must + ", 1 to " + MAX_SCHEMA_COLUMNS + " of them");
        }
        return schema;
    }

    /** The encoding of a text. */
    Charset charset() {
        return Charset.forName(spark.getOrDefault("encoding", "UTF-8"));
    }

    /** Whether a record may go over several lines. */
    boolean isMultiline() {
        return Boolean.parseBoolean(spark.get("multiLine"));
    }

    /** As Spark's source for CSV takes them. */
    CSVOptions csv() {
        return new CSVOptions(forSpark(), true, "UTC");
    }

    /** As Spark's source for JSON takes them. */
    JSONOptions json() {
        return new JSONOptionsInRead(forSpark(), "UTC", "_corrupt_record");
    }

    /** The options of Spark's source, as Scala has them. */
    scala.collection.immutable.Map<String, String> forSpark() {
        Map<String, String> all = new TreeMap<>(spark);
        if (format.isText()) {
            all.putAll(HadoopSettings.maxLine(MAX_LINE_BYTES));
        }
        return scala.collection.immutable.Map.from(CollectionConverters.asScala(all));
    }
}
