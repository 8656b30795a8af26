package tinderbox.job.result.read;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.ResultWriter;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** Spark and DuckDB read the Parquet files. */
class ParquetDownloadTest {
    private static final ResultLimits LIMITS = ResultLimits.ofHeap(1L << 30);
    private static final TestServer SERVER = TestServer.shared();

    private static SparkSession spark;

    @TempDir
    Path folder;

    private JobResult result;

    @BeforeAll
    static void awaitSpark() {
        new ApiClient(SERVER).run("word-count", Map.of());
        spark = SparkSession.active().newSession();
    }

    /** Writes a result, and its rows as a Parquet file that Spark may open. */
    private Path parquet(ResultQuery query, List<Column> columns, Iterable<? extends List<?>> rows) throws IOException {
        try (ResultWriter writer = new ResultWriter(folder, columns, 1 << 30)) {
            rows.forEach(writer::row);
            result = writer.finish(Map.of());
        }
        Path csv = folder.resolve(ResultWriter.FILE);
        Path file = Files.createTempFile(SERVER.root(), "result", ".parquet");
        ParquetDownload download = new ParquetDownload(result);
        download.observe(Files.newByteChannel(csv), ResultQuery.all(), LIMITS);
        try (OutputStream target = Files.newOutputStream(file)) {
            download.write(Files.newByteChannel(csv), query, LIMITS, target);
        }
        return file;
    }

    private static List<String> bySpark(Path file, String... expressions) {
        Dataset<Row> rows = spark.read().parquet("tb:///test/" + file.getFileName());
        return rows.selectExpr(expressions).collectAsList().stream()
                .map(row -> IntStream.range(0, row.size())
                        .mapToObj(i -> String.valueOf(row.get(i)))
                        .collect(Collectors.joining("|")))
                .toList();
    }

    private static List<String> byDuckDb(Path file, String expressions) throws SQLException {
        return query("SELECT " + expressions + " FROM read_parquet('" + file + "')");
    }

    private static List<String> typesByDuckDb(Path file) throws SQLException {
        return query("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet('" + file + "'))");
    }

    private static List<String> query(String sql) throws SQLException {
        try (Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> read = new ArrayList<>();
            while (rows.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    cells.add(rows.getString(i));
                }
                read.add(String.join("|", cells));
            }
            return read;
        }
    }

    @Test
    void everyTypeIsReadAsItWasWritten() throws Exception {
        List<Column> columns = Arrays.stream(Column.Type.values())
                .map(type -> new Column(type.code(), type))
                .toList();
        List<Object> one = List.of(
                "é, \"q\"\n\0",
                Long.MIN_VALUE,
                Double.NaN,
                true,
                new BigDecimal("-1.50"),
                LocalDate.of(2026, 11, 30),
                Instant.parse("2026-11-30T12:00:00.123456Z"),
                LocalDateTime.parse("2026-11-30T12:00:00.5"),
                new byte[] {-1, 0},
                "{\"n\": [1, 9007199254740993]}");
        List<Object> two = List.of(
                "",
                7,
                -0.0,
                false,
                new BigDecimal("1234567890123456.7"),
                LocalDate.of(1, 1, 1),
                Instant.parse("0001-01-01T00:00:00Z"),
                LocalDateTime.parse("9999-12-31T23:59:59.999999"),
                new byte[0],
                "null");
        Path file = parquet(ResultQuery.all(), columns, List.of(one, two, Collections.nCopies(columns.size(), null)));

        assertEquals(
                "`string` STRING,`integer` BIGINT,`double` DOUBLE,`boolean` BOOLEAN,`decimal` DECIMAL(18,2),`date` DATE,"
                        + "`timestamp` TIMESTAMP,`timestamp_ntz` TIMESTAMP_NTZ,`binary` BINARY,`json` STRING",
                spark.read()
                        .parquet("tb:///test/" + file.getFileName())
                        .schema()
                        .toDDL()
                        .replaceAll("(?<=[,^])(\\w+) ", "`$1` ")
                        .replaceAll("^(\\w+) ", "`$1` "));
        assertEquals(
                List.of(
                        "é, \"q\"\n\0|-9223372036854775808|NaN|true|-1.50|20787|1796040000123456|2026-11-30 12:00:00.5|FF00|"
                                + "{\"n\": [1, 9007199254740993]}",
                        "|7|-0.0|false|1234567890123456.70|-719162|-62135596800000000|9999-12-31 23:59:59.999999||null",
                        "null|null|null|null|null|null|null|null|null|null"),
                bySpark(
                        file,
                        "string",
                        "integer",
                        "double",
                        "boolean",
                        "decimal",
                        "unix_date(date)",
                        "unix_micros(timestamp)",
                        "string(timestamp_ntz)",
                        "hex(binary)",
                        "json"));
        assertEquals(
                List.of(
                        "string|VARCHAR",
                        "integer|BIGINT",
                        "double|DOUBLE",
                        "boolean|BOOLEAN",
                        "decimal|DECIMAL(18,2)",
                        "date|DATE",
                        "timestamp|TIMESTAMP WITH TIME ZONE",
                        "timestamp_ntz|TIMESTAMP",
                        "binary|BLOB",
                        "json|JSON"),
                typesByDuckDb(file));
        assertEquals(
                List.of(
                        "-9223372036854775808|nan|true|-1.50|2026-11-30|1796040000123456|2026-11-30 12:00:00.5|FF00|1",
                        "7|-0.0|false|1234567890123456.70|0001-01-01|-62135596800000000|9999-12-31 23:59:59.999999||null",
                        "null|null|null|null|null|null|null|null|null"),
                byDuckDb(
                        file,
                        "\"integer\", \"double\"::VARCHAR, \"boolean\", \"decimal\"::VARCHAR, \"date\"::VARCHAR,"
                                + " epoch_us(\"timestamp\"), timestamp_ntz::VARCHAR, hex(\"binary\"), json->>'$.n[0]'"));
    }

    @Test
    void whatATypeOfParquetCannotHoldIsAWiderOneOrText() throws Exception {
        List<Column> columns = List.of(
                Column.integer("wide"),
                Column.integer("wider"),
                new Column("decimal", Column.Type.DECIMAL),
                new Column("digits", Column.Type.DECIMAL),
                new Column("day", Column.Type.DATE),
                new Column("nanos", Column.Type.TIMESTAMP),
                new Column("far", Column.Type.TIMESTAMP_NTZ));
        Path file = parquet(
                ResultQuery.all(),
                columns,
                List.of(
                        Arrays.asList(
                                BigInteger.TEN.pow(37).negate(),
                                BigInteger.TEN.pow(38),
                                new BigDecimal("-0.0000000001"),
                                new BigDecimal("9".repeat(38)),
                                LocalDate.MAX,
                                Instant.parse("2026-11-30T12:00:00.123456789Z"),
                                LocalDateTime.MIN),
                        Arrays.asList(
                                Long.MAX_VALUE,
                                -1,
                                new BigDecimal("1234567890123456789012345678"),
                                new BigDecimal("0.1"),
                                LocalDate.EPOCH,
                                Instant.EPOCH,
                                LocalDateTime.of(1970, 1, 1, 0, 0))));

        List<String> expected = List.of(
                "-1" + "0".repeat(37) + "|1" + "0".repeat(38) + "|-0.0000000001|" + "9".repeat(38)
                        + "|+999999999-12-31|2026-11-30T12:00:00.123456789Z|-999999999-01-01T00:00:00",
                "9223372036854775807|-1|1234567890123456789012345678.0000000000|0.1|1970-01-01|1970-01-01T00:00:00Z"
                        + "|1970-01-01T00:00:00");
        List<String> read = bySpark(file, "wide", "wider", "decimal", "digits", "day", "nanos", "far");
        assertEquals(
                expected,
                read.stream().map(row -> row.replace("-1E-10", "-0.0000000001")).toList());
        assertEquals(expected, byDuckDb(file, "wide::VARCHAR, wider, \"decimal\"::VARCHAR, digits, day, nanos, far"));
        assertEquals(
                List.of(
                        "wide|DECIMAL(38,0)",
                        "wider|VARCHAR",
                        "decimal|DECIMAL(38,10)",
                        "digits|VARCHAR",
                        "day|VARCHAR",
                        "nanos|VARCHAR",
                        "far|VARCHAR"),
                typesByDuckDb(file));
    }

    @Test
    void theSelectedRowsHaveTheTypesOfTheWholeResult() throws Exception {
        List<Column> columns = List.of(Column.integer("n"), new Column("d", Column.Type.DECIMAL));
        List<List<Object>> rows = IntStream.range(0, 1000)
                .mapToObj(i -> List.<Object>of(i * 7 % 1000, new BigDecimal(i == 0 ? "0.125" : "1")))
                .toList();
        ResultQuery query = new ResultQuery(
                false,
                null,
                List.of(ColumnFilter.of(0, Column.Type.INTEGER, ColumnFilter.Operator.GE, "997")),
                List.of(new ColumnSort(0, Column.Type.INTEGER, true)),
                "");
        Path file = parquet(query, columns, rows);

        assertEquals(List.of("999|1.000", "998|1.000", "997|1.000"), bySpark(file, "n", "d"));
    }

    @Test
    void namesThatDifferOnlyByCaseGetNumbers() throws Exception {
        List<Column> columns = List.of(
                Column.integer("a"),
                Column.integer("A"),
                Column.integer("A_2"),
                Column.integer("É"),
                Column.integer("é"),
                Column.integer("a.b"),
                Column.integer("`q\" ,\n"));
        Path file = parquet(ResultQuery.all(), columns, List.of(List.of(1, 2, 3, 4, 5, 6, 7)));

        assertEquals(List.of("1|2|3|4|5|6|7"), bySpark(file, "*"));
        assertEquals(List.of("2|6"), bySpark(file, "A_3", "`a.b`"));
        assertEquals(List.of("1|2|3|4|5|6|7"), byDuckDb(file, "*"));
        assertEquals(List.of("2|5"), byDuckDb(file, "\"A_3\", \"é_2\""));
    }

    @Test
    void aResultWithoutRowsHasColumns() throws Exception {
        Path file = parquet(ResultQuery.all(), List.of(Column.string("a"), Column.integer("")), List.of());

        assertEquals(List.of(), bySpark(file, "a"));
        assertEquals(List.of(), byDuckDb(file, "a"));
    }

    @Test
    void thousandsOfColumnsAndHugeCellsTakeLittleMemory() throws Exception {
        List<Column> columns =
                IntStream.range(0, 2000).mapToObj(i -> Column.integer("c" + i)).toList();
        Path wide = parquet(
                ResultQuery.all(),
                columns,
                IntStream.range(0, 100)
                        .mapToObj(row ->
                                IntStream.range(0, 2000).mapToObj(i -> row + i).toList())
                        .toList());
        assertEquals(List.of("4950|204850"), bySpark(wide, "sum(c0)", "sum(c1999)"));
        assertEquals(List.of("4950|204850"), byDuckDb(wide, "sum(c0)::VARCHAR, sum(c1999)::VARCHAR"));

        // If memory were looked at only after 100 rows, as by default, there would be one row group of all.
        Random random = new Random(1);
        Path huge = parquet(
                ResultQuery.all(),
                List.of(Column.string("text")),
                IntStream.range(0, 6).mapToObj(i -> List.of(noise(random))).toList());
        assertEquals(List.of("6|10485760"), byDuckDb(huge, "count(*), min(length(text))"));
        assertEquals(List.of("3"), query("SELECT count(DISTINCT row_group_id) FROM parquet_metadata('" + huge + "')"));
    }

    private static String noise(Random random) {
        byte[] bytes = new byte[5 << 20];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
