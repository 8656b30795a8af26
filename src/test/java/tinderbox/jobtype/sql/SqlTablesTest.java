package tinderbox.jobtype.sql;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.jobtype.JobContext;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;
import tinderbox.support.BlockingJob;
import tinderbox.support.LambdaJob;
import tinderbox.support.TestServer;

/** Datasets as tables, over the API. */
class SqlTablesTest {
    private final TestServer server = TestServer.shared();
    private final ApiClient apiClient = new ApiClient(server);
    private Path folder;
    private String path;

    @BeforeEach
    void makeFolder() throws IOException {
        String name = "tables" + UUID.randomUUID().toString().substring(0, 8);
        folder = Files.createDirectories(server.root().resolve(name));
        path = "test/" + name;
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Map<String, Object> run(String query) {
        return apiClient.run("sql", Map.of("query", query));
    }

    private String csv(String query) {
        Map<String, Object> job = run(query);
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        return apiClient.csv((String) job.get("job_id"));
    }

    /** The error of a job that has failed: its code and message. */
    private String failure(String query) {
        Map<String, Object> job = run(query);
        assertEquals("FAILED", job.get("status"), job::toString);
        Map<?, ?> error = (Map<?, ?>) job.get("error");
        return error.get("code") + ": " + error.get("message");
    }

    /** The problem for which a query is refused. */
    private String refusal(String query) {
        var response = apiClient.send(apiClient
                .request("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(
                        Json.write(Map.of("type", "sql", "params", Map.of("query", query)))))
                .build());
        Map<String, Object> body = ApiClient.json(response);
        assertEquals(422, response.statusCode(), body::toString);
        List<?> errors = (List<?>) body.get("errors");
        assertEquals(1, errors.size(), body::toString);
        Map<?, ?> error = (Map<?, ?>) errors.get(0);
        assertEquals("params.query", error.get("field"));
        assertTrue(error.get("line") != null || error.get("position") != null, body::toString);
        return error.get("message").toString();
    }

    @Test
    void aTableIsAPathOrNames() {
        String expected = "name\nWilliam B Hartsfield-Atlanta Intl\n";
        assertEquals(expected, csv("SELECT name FROM `samples/air/airports.csv` WHERE iata = 'ATL'"));
        assertEquals(expected, csv("SELECT name FROM samples.air.airports WHERE iata = 'ATL'"));
        assertEquals(expected, csv("SELECT airports.name FROM samples.air.airports WHERE airports.iata = 'ATL'"));
        assertEquals(expected, csv("SELECT samples.air.airports.name FROM samples.air.airports WHERE iata = 'ATL'"));
        assertEquals(expected, csv("TABLE samples.air.airports |> WHERE iata = 'ATL' |> SELECT name"));
        assertEquals(expected, csv("SELECT name FROM read_csv('samples/air/airports.csv') AS a WHERE a.iata = 'ATL'"));
    }

    @Test
    void namesOfWithHideTables() {
        assertEquals(
                "n\n1\n",
                csv("WITH `samples/air/airports.csv` AS (SELECT 1 AS n) SELECT n FROM `samples/air/airports.csv`"));
        assertEquals("n\n3376\n", csv("WITH a AS (SELECT count(*) AS n FROM samples.air.airports) SELECT n FROM a"));
        assertEquals(
                "iata\nATL\n",
                csv("SELECT iata FROM samples.air.airports WHERE iata IN (SELECT origin FROM"
                        + " `samples/air/routes-2008.csv` GROUP BY origin ORDER BY sum(count) DESC LIMIT 1)"));
        assertEquals(
                "a,b\n1,1\n",
                csv("SELECT x.one AS a, y.one AS b FROM (SELECT 1 AS one FROM samples.air.airports LIMIT 1) x,"
                        + " LATERAL (SELECT 1 AS one FROM samples.air.airports LIMIT 1) y"));
        assertEquals(
                "n\n3376\n",
                csv("SELECT count(*) AS n FROM samples.air.airports a JOIN samples.air.airports b USING (iata)"));
    }

    @Test
    void typesAreFoundOut() throws IOException {
        write(
                "a.csv",
                "i,l,d,t,day,b,s,empty\n1,5000000000,1.5,2020-01-02T03:04:05Z,2020-01-02,true,x,\n2,1,2,,,,\"\",\n");
        assertEquals(
                "{i=int, l=bigint, d=double, t=timestamp, day=date, b=boolean, s=string, empty=string}",
                types("SELECT * FROM `" + path + "/a.csv`"));
        assertEquals("n\n1\n", csv("SELECT count(*) AS n FROM `" + path + "/a.csv` WHERE s IS NULL AND empty IS NULL"));
    }

    /** The types that Spark has for the columns of a query. */
    private String types(String query) {
        Map<String, Object> job = LambdaJob.run(apiClient, context -> Map.of("types", typesIn(context, query)));
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        return ((Map<?, ?>) job.get("summary")).get("types").toString();
    }

    private static String typesIn(JobContext context, String query) {
        ParsedSql parsed = SqlParser.parse(query, Map.of());
        SqlQuery checked = new SqlQuery(query, parsed.text(), null, parsed.plan(), parsed.tables());
        SqlTables tables = SqlTables.open(checked, context, new SqlSchemas());
        StructType schema = Dataset.ofRows((SparkSession) context.spark(), tables.in(checked.parsed()))
                .schema();
        Map<String, String> types = new LinkedHashMap<>();
        for (StructField field : schema.fields()) {
            types.put(field.name(), field.dataType().catalogString());
        }
        return types.toString();
    }

    @Test
    void eachFormatIsReadByItsName() throws IOException {
        write("t.tsv", "a\tb\n1\tx,y\n");
        write("j.json", "{\"a\":1,\"b\":{\"c\":[1,2]}}\n{\"a\":2}\n");
        write("n.ndjson", "{\"a\":1}\n");
        write("l.JSONL", "{\"a\":1}\n");
        write("log", "first line\nsecond, line\n");
        assertEquals("a,b\n1,\"x,y\"\n", csv("SELECT * FROM `" + path + "/t.tsv`"));
        assertEquals("a,c\n1,2\n2,\n", csv("SELECT a, b.c[1] AS c FROM `" + path + "/j.json` ORDER BY a"));
        assertEquals("a\n1\n", csv("SELECT a FROM `" + path + "/n.ndjson`"));
        assertEquals("a\n1\n", csv("SELECT a FROM `" + path + "/l.JSONL`"));
        assertEquals("value\n\"second, line\"\n", csv("SELECT value FROM `" + path + "/log` WHERE value LIKE 's%'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gz", "bz2", "zst"})
    void textsCanBeCompressed(String ending) throws Exception {
        Files.write(folder.resolve("c.csv." + ending), compressed("a,b\n1,x\n2,y\n", ending));
        Files.write(folder.resolve("d.json." + ending), compressed("{\"a\":7}\n", ending));
        assertEquals("a,b\n2,y\n", csv("SELECT * FROM `" + path + "/c.csv." + ending + "` WHERE a > 1"));
        assertEquals("a\n7\n", csv("SELECT * FROM test." + folder.getFileName() + ".d"));
    }

    private static byte[] compressed(String text, String ending) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = switch (ending) {
            case "gz" -> new GZIPOutputStream(bytes);
            case "bz2" -> new BZip2CompressorOutputStream(bytes);
            default -> new ZstdOutputStream(bytes);
        }) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc"})
    void columnarFilesAreRead(String format) {
        columnar(format, "first." + format, "SELECT 1 AS a, 'x' AS b");
        columnar(format, "second." + format, "SELECT 2 AS a, array(1, 2) AS c");
        assertEquals("a,b\n1,x\n", csv("SELECT a, b FROM `" + path + "/first." + format + "`"));
        assertEquals(
                "a,b,c\n1,x,\n2,,2\n",
                csv("SELECT a, b, size(c) AS c FROM `" + path + "` ORDER BY a"),
                "files of a folder may have different columns");
    }

    /** Spark has no type for them. */
    @Test
    void nanosecondsOfParquetAreNumbers() throws IOException {
        MessageType type = MessageTypeParser.parseMessageType(
                "message m { required int64 t (TIMESTAMP(NANOS,true)); required int64 n; }");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(
                        new LocalOutputFile(folder.resolve("nanos.parquet")))
                .withType(type)
                .build()) {
            writer.write(new SimpleGroup(type)
                    .append("t", 1_704_067_200_123_456_789L)
                    .append("n", 1L));
        }
        assertEquals(
                "t,at,n\n1704067200123456789,2024-01-01T00:00:00.123456Z,1\n",
                csv("SELECT t, timestamp_micros(t DIV 1000) AS at, n FROM `" + path + "/nanos.parquet`"));
    }

    private void columnar(String format, String name, String query) {
        Map<String, Object> job = LambdaJob.run(apiClient, context -> {
            Path out = context.scratch().resolve("out");
            context.spark()
                    .sql(query)
                    .coalesce(1)
                    .write()
                    .format(format)
                    .save(out.toUri().toString());
            try (Stream<Path> files = Files.list(out)) {
                Path part = files.filter(file -> file.getFileName().toString().startsWith("part-"))
                        .findFirst()
                        .orElseThrow();
                Files.copy(part, folder.resolve(name));
            }
            return Map.of();
        });
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
    }

    @Test
    void aFolderIsItsDirectFiles() throws IOException {
        write("b.csv", "a\n2\n");
        write("a.csv", "a\n1\n");
        write("empty.csv", "");
        write("_hidden.csv", "x\n1\n");
        write("sub/c.csv", "a\n3\n");
        write("year=2020/c.csv", "a\n4\n");
        assertEquals("a\n1\n2\n", csv("SELECT * FROM `" + path + "` ORDER BY a"));
        assertEquals("a\n4\n", csv("SELECT * FROM `" + path + "/year=2020/`"));
        assertEquals("a\n3\n", csv("SELECT * FROM test." + folder.getFileName() + ".sub"));
    }

    @Test
    void metadataIsHidden() {
        assertTrue(
                failure("SELECT _metadata.file_path FROM samples.air.airports").contains("_metadata"));
    }

    @Test
    void namesThatFitNothingOrSeveralAreRefused() throws IOException {
        write("x.csv", "a\n1\n");
        write("x.json", "{}\n");
        String name = "test." + folder.getFileName();
        assertEquals(
                "names " + name + ".x, which may be `" + path + "/x.csv` or `" + path
                        + "/x.json`; name one of them by its path",
                refusal("SELECT * FROM " + name + ".x"));
        assertEquals(
                "reads the folder `" + path + "`, whose files differ: x.csv is CSV, and x.json is JSON; name one of its"
                        + " files, or move the others",
                refusal("SELECT * FROM " + name));
        for (String missing :
                List.of("`samples/air/airprots.csv`", "samples.air.airport", "samples.ari.airports", "airports")) {
            String refusal = refusal("SELECT * FROM " + missing);
            assertTrue(refusal.endsWith("; did you mean `samples/air/airports.csv`?"), refusal);
        }
        for (String habit : List.of("samples.air.airports.csv", "`samples\\air\\airports.csv`")) {
            String refusal = refusal("SELECT * FROM " + habit);
            assertTrue(refusal.endsWith("; did you mean `samples/air/airports.csv`?"), refusal);
        }
        String routes = refusal("SELECT * FROM samples.air.routes");
        assertTrue(routes.endsWith("; did you mean `samples/air/routes-2008.csv`?"), routes);
        for (String bad :
                List.of("`/etc/passwd`", "`samples/../x`", "`file:///etc/passwd`", "a.b.c.d.e", "`nope/x.csv`")) {
            String refusal = refusal("SELECT * FROM " + bad);
            assertTrue(refusal.contains("there is no such dataset"), refusal);
        }
    }

    @ParameterizedTest
    @MethodSource
    void csvHasOptions(String text, String option, String value, String expected) throws IOException {
        write("o.csv", text);
        String file = path + "/o.csv";
        assertEquals(expected, csv("SELECT * FROM read_csv('" + file + "', " + option + " => " + value + ")"));
        String quoted = value.startsWith("'") || value.startsWith("\"") ? value : "'" + value + "'";
        assertEquals(expected, csv("SELECT * FROM `" + file + "` WITH (" + option + " = " + quoted + ")"));
    }

    static List<Arguments> csvHasOptions() {
        return List.of(
                arguments("a;b\n1;x\n", "delimiter", "';'", "a,b\n1,x\n"),
                arguments("1,x\n", "header", "false", "_c0,_c1\n1,x\n"),
                arguments("a,b\n# no\n1,x\n", "comment", "'#'", "a,b\n1,x\n"),
                arguments("a,b\nNA,x\n", "null_value", "'NA'", "a,b\n,x\n"),
                arguments("a,b\n1,x\n", "schema", "'p STRING, q VARCHAR(3)'", "p,q\n1,x\n"),
                arguments("a,b\n31.12.2020,x\n", "dateFormat", "'dd.MM.yyyy'", "a,b\n2020-12-31,x\n"),
                arguments("a,b\n\"1\n2\",x\n", "multiline", "true", "a,b\n\"1\n2\",x\n"),
                arguments("a,b\n1\n2,x\n", "mode", "'DROPMALFORMED'", "a,b\n2,x\n"),
                arguments("a,b\n'1,2',x\n", "quote", "\"'\"", "a,b\n\"1,2\",x\n"),
                arguments("a,b\n01,x\n", "infer_schema", "false", "a,b\n01,x\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "path => '/etc/passwd'|has the option path, which CSV does not have",
                "`fs.tb.roots` => 'x file:/'|has the option fs.tb.roots, which CSV does not have",
                "header => 'maybe'|must be true or false",
                "quote => 'ab'|must be one character, or empty for none",
                "encoding => 'klingon'|must be one of UTF-8",
                "mode => 'LAX'|must be FAILFAST",
                "date_format => 'bb'|must be a pattern of Spark's",
                "schema => 'a NOTHING'|must be columns with their types",
                "schema => 'a INT, A INT'|it has the column A twice",
                "schema => 'a INT \\/\\* b *\\/'|must be columns with their types",
                "sep => ';', delimiter => ','|more than once",
                "null_value => '-', nullvalue => '?'|more than once"
            })
    void wrongOptionsAreRefused(String option, String message) {
        String refusal = refusal("SELECT * FROM read_csv('samples/air/airports.csv', " + option + ")");
        assertTrue(refusal.contains(message), refusal);
    }

    @Test
    void othersHaveOptionsToo() throws IOException {
        write("m.json", "[{\"a\":\n1},\n{\"a\": 2}]\n");
        write("u.txt", "a\tb\n1\t2\n");
        assertEquals("a\n1\n2\n", csv("SELECT * FROM read_json('" + path + "/m.json', multiline => true) ORDER BY a"));
        assertEquals("a,b\n1,2\n", csv("SELECT * FROM read_tsv('" + path + "/u.txt')"));
        assertEquals("n\n2\n", csv("SELECT count(*) AS n FROM read_text('" + path + "/u.txt')"));
        assertEquals(
                "has the option header, which text does not have; such tables have no options",
                refusal("SELECT * FROM read_text('" + path + "/u.txt', header => true)"));
    }

    @ParameterizedTest
    @MethodSource
    void badFilesAreNamed(String name, String text, String failure) throws IOException {
        write(name, text);
        assertEquals(failure.replace("FILE", path + "/" + name), failure("SELECT * FROM `" + path + "/" + name + "`"));
    }

    static List<Arguments> badFilesAreNamed() {
        return List.of(
                arguments(
                        "ragged.csv",
                        "a,b\n1,x\n2\n3,y\n",
                        "invalid_input: The file FILE has a record with too few or too many values: 2"),
                arguments(
                        "ragged.tsv",
                        "a\tb\n1\tx\n3\ty\tz\n",
                        "invalid_input: The file FILE has a record with too few or too many values: 3 y z"),
                arguments("twice.csv", "a,b,A\n1,2,3\n", "invalid_input: The file FILE has more than one column A"),
                arguments("twice.json", "{\"a\":1,\"A\":2}\n", "invalid_input: FILE has more than one column a"),
                arguments(
                        "nothing.csv",
                        "",
                        "invalid_input: The input FILE is empty, and has not even the names of columns"),
                arguments("nothing.json", "", "invalid_input: FILE has no columns"),
                arguments(
                        "bad.json",
                        "{\"a\":1}\n{\"a\":\n",
                        "invalid_input: The input FILE has a record that is not JSON: a line ends before its"
                                + " value does; if values go over several lines, give multiline => true"),
                arguments(
                        "semicolons.csv",
                        "a;b\n1;x,y,z\n",
                        "invalid_input: The file FILE has a record with too few or too many values: 1;x,y,z"),
                arguments(
                        "several.csv",
                        "a;b,c\n1;2;3\n",
                        "invalid_input: The file FILE has a record with too few or too many values: 1;2;3; are its values"
                                + " separated by ';'? Then read it by read_csv('…', sep => ';')"),
                arguments("bad.parquet", "PAR1 but no more", "invalid_input: The columns of FILE cannot be read"),
                arguments("bad.orc", "ORC but no more", "invalid_input: The columns of FILE cannot be read"),
                arguments(
                        "bad.csv.gz",
                        "not gzip",
                        "invalid_input: The file FILE cannot be read: it does not begin like gzip data"));
    }

    @Test
    void aFileThatIsNoTextIsRefused() throws IOException {
        Files.write(folder.resolve("wide.csv"), "\ufeffa,b\n1,2\n".getBytes(StandardCharsets.UTF_16LE));
        Files.write(folder.resolve("book.csv"), new byte[] {'P', 'K', 3, 4, 20, 0, '\n', 'x', '\n'});
        String wide = failure("SELECT * FROM `" + path + "/wide.csv`");
        assertTrue(wide.contains("encoding => 'UTF-16'"), wide);
        assertEquals("a,b\n1,2\n", csv("SELECT * FROM read_csv('" + path + "/wide.csv', encoding => 'UTF-16')"));
        String book = failure("SELECT * FROM `" + path + "/book.csv`");
        assertTrue(book.contains("it looks like a zip archive"), book);
    }

    @Test
    void aCsvFileWithOtherSeparatorsIsWarnedOf() throws IOException {
        write("semicolons.csv", "a;b\n1;2\n");
        Map<String, Object> job = run("SELECT * FROM `" + path + "/semicolons.csv`");
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        assertTrue(
                job.get("warnings").toString().contains("has one column, a;b; are its values separated by ';'?"),
                job::toString);
        write("comma.csv", "a\n1;2\n");
        assertEquals(List.of(), run("SELECT * FROM `" + path + "/comma.csv`").get("warnings"));
    }

    @Test
    void aLateValueOfAnotherTypeIsNoNull() throws IOException {
        // Types are inferred from the first 32 MiB; few long values are read more quickly than many short ones.
        write("late.csv", "a\n" + ("0".repeat(1000) + "1234567\n").repeat(40_000) + "x\n");
        assertEquals(
                "invalid_input: The file " + path
                        + "/late.csv has a record that does not fit the types of its columns: For input string: \"x\"",
                failure("SELECT sum(a) FROM `" + path + "/late.csv`"));
        assertEquals(
                "n\n1\n",
                csv("SELECT count(*) AS n FROM read_csv('" + path + "/late.csv', schema => 'a STRING') WHERE a = 'x'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"count(*)", "a"})
    void everyQueryNoticesRaggedRecords(String column) throws IOException {
        write("ragged.csv", "a,b\n1,x\n2\n");
        assertTrue(
                failure("SELECT " + column + " FROM `" + path + "/ragged.csv`").contains("too few or too many"));
    }

    @Test
    void filesOfAFolderHaveTheSameColumns() throws IOException {
        write("a.csv", "a,b\n1,2\n");
        write("b.csv", "b,a\n1,2\n");
        assertEquals(
                "invalid_input: The files " + path + "/a.csv and " + path + "/b.csv have different first lines",
                failure("SELECT * FROM `" + path + "`"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"long.txt", "long.csv", "long.json", "long.txt.gz"})
    void aLineHasALimit(String name) throws IOException {
        byte[] text = new byte[40 << 20];
        new Random(1).nextBytes(text);
        for (int i = 0; i < text.length; i++) {
            // Otherwise the compressed file would unpack to too many times its size.
            text[i] = (byte) ('A' + (text[i] & 15));
        }
        try (OutputStream out = name.endsWith("gz")
                ? new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)))
                : Files.newOutputStream(folder.resolve(name))) {
            out.write("{}\n".getBytes(StandardCharsets.UTF_8));
            out.write(text);
        }
        String options = name.endsWith(".gz") || name.endsWith(".txt") ? "" : " WITH (schema = 'a STRING')";
        assertEquals(
                "limit_exceeded: The file " + path + "/" + name + " has a line of more than 33554432 bytes",
                failure("SELECT count(*) FROM `" + path + "/" + name + "`" + options));
    }

    @Test
    void aFileThatIsReplacedWhileItIsReadIsNoticed() throws IOException {
        write("r.csv", "a\n1\n");
        Map<String, Object> job = LambdaJob.run(apiClient, context -> {
            context.input(path + "/r.csv");
            write("grown.csv", "a\n1\n");
            context.input(path + "/grown.csv");
            Files.writeString(folder.resolve("grown.csv"), "2\n", StandardOpenOption.APPEND);
            context.checkInputs();
            write("new", "a\n5\n");
            Files.move(folder.resolve("new"), folder.resolve("r.csv"), StandardCopyOption.REPLACE_EXISTING);
            context.checkInputs();
            return Map.of();
        });
        assertEquals(
                "The file " + path + "/r.csv was replaced while the job read it",
                ((Map<?, ?>) job.get("error")).get("message"));
        assertTrue(job.get("warnings").toString().contains("grown.csv was written to"), job::toString);
    }

    @Test
    void schemasAreKeptUntilAFileChanges() throws Exception {
        write("s.csv", "a\n1\n");
        String query = "SELECT * FROM `" + path + "/s.csv`";
        csv(query);
        Map<String, Object> second = run(query);
        assertEquals(1L, stages(second), "only that of the query");
        write("s.csv", "b\nx\n");
        assertEquals("b\nx\n", csv(query));
    }

    private Object stages(Map<String, Object> job) {
        return ((Map<?, ?>) job.get("progress")).get("stages_total");
    }

    @Test
    void aFolderOfTooManyFilesIsRefused() throws IOException {
        for (int i = 0; i <= 10_000; i++) {
            Files.createFile(folder.resolve(i + ".txt"));
        }
        assertEquals(
                "limit_exceeded: The tables of the query, up to " + path
                        + ", have 10001 files, and a query reads at most 10000",
                failure("SELECT count(*) FROM `" + path + "`"));
        Files.delete(folder.resolve("0.txt"));
        assertEquals("n\n0\n", csv("SELECT count(*) AS n FROM `" + path + "`"));
    }

    @ParameterizedTest
    @CsvSource({
        "huge.csv, 'invalid_input: The file FILE cannot be read: it has a value that is too long, or a record with too many"
                + " values; is it CSV?'",
        "huge.json, 'invalid_input: The file FILE cannot be read: its first line is too long; are its values in several"
                + " lines?'"
    })
    void aLineOfAGigabyteIsNotRead(String name, String failure) throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
            sparse.setLength(1 << 30);
        }
        assertEquals(
                failure.replace("FILE", path + "/" + name),
                failure("SELECT count(*) FROM `" + path + "/" + name + "`"));
    }

    @ParameterizedTest
    @CsvSource({
        "true, input_not_found: The file FILE was replaced while the job read it",
        "false, 'input_not_found: The file FILE was there when the job was accepted, but is no longer'"
    })
    void aFileThatChangesWhileAQueryRunsIsNoticed(boolean isReplaced, String failure) throws Exception {
        write("gone.csv", "a\n1\n");
        String key = path + isReplaced;
        String blocking = apiClient.submit("blocking", Map.of("key", key, "mode", "tasks"));
        BlockingJob.gate(key).awaitReached();
        await().until(() -> BlockingJob.gate(key).runningTasks(), Integer.valueOf(2)::equals);

        // It is planned, and its task waits for a core.
        String id = apiClient.submit(
                "sql", Map.of("query", "SELECT * FROM read_csv('" + path + "/gone.csv', schema => 'a INT')"));
        await().until(() -> apiClient.job(id).get("progress") instanceof Map<?, ?> progress
                && Long.valueOf(1).equals(progress.get("tasks_total")));
        if (isReplaced) {
            write("new", "a\n2\n");
            Files.move(folder.resolve("new"), folder.resolve("gone.csv"), StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.delete(folder.resolve("gone.csv"));
        }
        BlockingJob.gate(key).open();
        apiClient.awaitEnd(blocking);

        Map<?, ?> error = (Map<?, ?>) apiClient.awaitEnd(id).get("error");
        assertEquals(failure.replace("FILE", path + "/gone.csv"), error.get("code") + ": " + error.get("message"));
        assertEquals("FAILED", apiClient.job(id).get("status"), "without a result");
    }

    @Test
    void aByteOrderMarkIsNoPartOfAName() throws IOException {
        write("bom.csv", "\ufeffa,b\n1,2\n");
        assertEquals("a\n1\n", csv("SELECT a FROM `" + path + "/bom.csv`"));
        Files.write(folder.resolve("utf16.csv"), "a,b\n1,\u00e4\n".getBytes(StandardCharsets.UTF_16));
        assertEquals(
                "a,b\n1,\u00e4\n", csv("SELECT a, b FROM read_csv('" + path + "/utf16.csv', encoding => 'UTF-16')"));
    }
}
