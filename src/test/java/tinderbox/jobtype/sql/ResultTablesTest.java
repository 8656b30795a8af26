package tinderbox.jobtype.sql;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.classic.SparkSession;
import org.junit.jupiter.api.Test;
import tinderbox.job.result.Column;
import tinderbox.job.result.ResultWriter;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;
import tinderbox.support.BlockingJob;
import tinderbox.support.LambdaJob;
import tinderbox.support.TestServer;

/** Results of jobs as tables. */
class ResultTablesTest {
    private final TestServer server = TestServer.shared();
    private final ApiClient apiClient = new ApiClient(server);

    /** Runs a job with this result, and returns its path. */
    private String result(List<Column> columns, List<List<?>> rows) {
        Map<String, Object> job = LambdaJob.run(apiClient, context -> {
            ResultWriter writer = context.result(columns);
            rows.forEach(writer::row);
            return Map.of();
        });
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        return "results/" + job.get("job_id");
    }

    private String wordCount() {
        return apiClient
                .run("word-count", Map.of("min_count", 4000L))
                .get("job_id")
                .toString();
    }

    /** The schema and rows of a query, as Spark has them. */
    private List<String> rows(String query) {
        List<String> all = new ArrayList<>();
        Map<String, Object> job = LambdaJob.run(apiClient, context -> {
            SqlSession.configure(context.spark());
            ParsedSql parsed = SqlParser.parse(query, Map.of());
            SqlQuery checked = new SqlQuery(query, parsed.text(), null, parsed.plan(), parsed.tables());
            SqlTables tables = SqlTables.open(checked, context, new SqlSchemas());
            Dataset<Row> rows = Dataset.ofRows((SparkSession) context.spark(), tables.in(checked.parsed()));
            all.add(rows.schema().simpleString());
            rows.collectAsList().forEach(row -> all.add(row.toString()));
            return Map.of();
        });
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        return all;
    }

    private Map<String, Object> run(String query) {
        return apiClient.run("sql", Map.of("query", query));
    }

    private String csv(String query) {
        Map<String, Object> job = run(query);
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        return apiClient.csv((String) job.get("job_id"));
    }

    private HttpResponse<byte[]> submit(String type, Map<String, Object> params) {
        return apiClient.send(apiClient
                .request("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(Map.of("type", type, "params", params))))
                .build());
    }

    private String refusal(String query) {
        HttpResponse<byte[]> response = submit("sql", Map.of("query", query));
        Map<String, Object> body = ApiClient.json(response);
        assertEquals(422, response.statusCode(), body::toString);
        Map<?, ?> error = (Map<?, ?>) ((List<?>) body.get("errors")).get(0);
        assertTrue(error.get("position") != null, body::toString);
        return error.get("message").toString();
    }

    private HttpResponse<byte[]> delete(String id) {
        return apiClient.send(apiClient.request("/api/v1/jobs/" + id).DELETE().build());
    }

    @Test
    void aWordCountIsATable() {
        String id = wordCount();
        String expected = "word,count\nof,6398\nthe,13965\n";
        assertEquals(
                expected,
                csv("SELECT * FROM `results/" + id
                        + "` WHERE count > 5000 AND word <> 'and' ORDER BY word".replace("5000", "6200")));
        assertEquals(expected, csv("SELECT * FROM results.`" + id + "` WHERE count > 6200 ORDER BY word"));
    }

    @Test
    void aChainOfJobsReadsWhatTheOneBeforeHasWritten() {
        String id = run("SELECT state, count(*) AS airports FROM samples.air.airports GROUP BY state")
                .get("job_id")
                .toString();
        String second = run("SELECT max(airports) AS most FROM `results/" + id + "`")
                .get("job_id")
                .toString();
        assertEquals("most\n263\n", csv("SELECT * FROM `results/" + second + "`"));
    }

    @Test
    void textsComeBackExactly() {
        List<String> texts = Arrays.asList(
                "",
                null,
                "a\r\nb",
                "a\rb",
                "\"",
                "q\"\"r",
                ",",
                " blank ",
                "\\",
                "\\\"",
                "NULL",
                "null",
                "\u0000",
                "ä𝄞\u2028",
                "#",
                "--",
                "\ufeff",
                "NaN",
                "'");
        List<List<?>> rows = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            rows.add(Arrays.asList((long) i, texts.get(i)));
        }
        String path = result(List.of(Column.integer("n"), Column.string("t")), rows);
        List<String> expected = new ArrayList<>(List.of("struct<n:bigint,t:string>"));
        rows.forEach(row -> expected.add("[" + row.get(0) + "," + row.get(1) + "]"));
        assertEquals(expected, rows("SELECT * FROM `" + path + "` ORDER BY n"));
        assertEquals(List.of("struct<n:bigint>", "[1]"), rows("SELECT n FROM `" + path + "` WHERE t IS NULL"));
        assertEquals(List.of("struct<n:bigint>", "[0]"), rows("SELECT n FROM `" + path + "` WHERE t = ''"));
    }

    @Test
    void everyTypeComesBackExactly() {
        List<Column> columns = List.of(
                new Column("i", Column.Type.INTEGER),
                new Column("d", Column.Type.DOUBLE),
                new Column("b", Column.Type.BOOLEAN),
                new Column("n", Column.Type.DECIMAL),
                new Column("day", Column.Type.DATE),
                new Column("t", Column.Type.TIMESTAMP),
                new Column("l", Column.Type.TIMESTAMP_NTZ),
                new Column("x", Column.Type.BINARY),
                new Column("j", Column.Type.JSON));
        List<?> first = List.of(
                Long.MIN_VALUE,
                Double.NEGATIVE_INFINITY,
                true,
                new BigDecimal("-0.001"),
                LocalDate.parse("-0044-03-15"),
                Instant.parse("0001-01-01T00:00:00.000001Z"),
                LocalDateTime.parse("+10000-01-01T00:00"),
                new byte[] {0, -1},
                "{\"b\":1,\"a\":1.10}");
        List<?> second = List.of(
                Long.MAX_VALUE,
                Double.NaN,
                false,
                new BigDecimal("1234567.5"),
                LocalDate.parse("+10000-01-01"),
                Instant.parse("2020-01-02T03:04:05.678901Z"),
                LocalDateTime.parse("1883-11-18T12:03:58"),
                new byte[0],
                "null");
        String path = result(columns, List.of(first, second, Arrays.asList(new Object[columns.size()])));
        assertEquals(
                List.of(
                        "struct<i:bigint,d:double,b:boolean,n:decimal(10,3),day:string,t:string,l:string,x:string,j:string>",
                        "[-9223372036854775808,-Infinity,true,-0.001,-0044-03-15,0001-01-01 00:00:00.000001,"
                                + "+10000-01-01 00:00:00,00FF,{\"b\":1,\"a\":1.10}]",
                        "[9223372036854775807,NaN,false,1234567.500,+10000-01-01,2020-01-02 03:04:05.678901,"
                                + "1883-11-18 12:03:58,,null]",
                        "[null,null,null,null,null,null,null,null,null]"),
                rows("SELECT i, d, b, n, CAST(day AS STRING) AS day, CAST(t AS STRING) AS t, CAST(l AS STRING) AS l,"
                        + " hex(x) AS x, j FROM `" + path + "`"));
        assertEquals(
                List.of("struct<day:date,t:timestamp,l:timestamp_ntz,x:binary>"),
                rows("SELECT day, t, l, x FROM `" + path + "` LIMIT 0"));
        assertEquals(
                List.of("struct<a:string>", "[1.1]"),
                rows("SELECT CAST(parse_json(j):a AS STRING) AS a FROM `" + path + "` WHERE i < 0"));
    }

    @Test
    void numbersGetATypeThatHoldsThemAll() {
        List<Column> columns = List.of(
                new Column("big", Column.Type.INTEGER),
                new Column("huge", Column.Type.INTEGER),
                new Column("wide", Column.Type.DECIMAL),
                new Column("none", Column.Type.DECIMAL));
        String path = result(
                columns,
                List.of(
                        Arrays.asList(
                                new BigInteger("9223372036854775808"),
                                new BigInteger("1".repeat(39)),
                                new BigDecimal("1" + "0".repeat(30)),
                                null),
                        Arrays.asList(1L, 2L, new BigDecimal("0.000000001"), null)));
        assertEquals(
                List.of(
                        "struct<big:decimal(19,0),huge:string,wide:string,none:decimal(1,0)>",
                        "[9223372036854775808," + "1".repeat(39) + ",1" + "0".repeat(30) + ",null]",
                        "[1,2,0.000000001,null]"),
                rows("SELECT * FROM `" + path + "`"));
        String warnings = run("SELECT * FROM `" + path + "`").get("warnings").toString();
        assertTrue(warnings.contains("huge, wide"), warnings);
    }

    @Test
    void columnsThatCannotBeToldApartAreRefused() {
        String path = result(List.of(Column.string("a"), Column.string("A")), List.of(List.of("1", "2")));
        Map<?, ?> error = (Map<?, ?>) run("SELECT * FROM `" + path + "`").get("error");
        assertEquals(path + " has more than one column A", error.get("message"));
        String none = result(List.of(), List.of());
        assertEquals(
                none + " has no columns",
                ((Map<?, ?>) run("SELECT * FROM `" + none + "`").get("error")).get("message"));
    }

    @Test
    void onlyResultsOfJobsThatHaveSucceededAreTables() throws Exception {
        String unknown = UUID.randomUUID().toString();
        for (String id : List.of(unknown, "1", unknown + "/data.csv", unknown.toUpperCase(Locale.ROOT))) {
            String refusal = refusal("SELECT * FROM `results/" + id + "`");
            assertTrue(refusal.contains("is not the result of a job"), refusal);
        }
        String key = UUID.randomUUID().toString();
        String running = apiClient.submit("blocking", Map.of("key", key));
        BlockingJob.gate(key).awaitReached();
        assertEquals(
                "names the table `results/" + running
                        + "`, which is the result of a job that is RUNNING; wait until it has SUCCEEDED",
                refusal("SELECT * FROM `results/" + running + "`"));
        BlockingJob.gate(key).open();
        apiClient.awaitEnd(running);
        String failed = apiClient
                .run("failing", Map.of("mode", "in-driver"))
                .get("job_id")
                .toString();
        assertEquals(
                "names the table `results/" + failed
                        + "`, which is the result of a job that has FAILED, and so has none",
                refusal("SELECT * FROM `results/" + failed + "`"));
        assertTrue(
                refusal("SELECT * FROM read_csv('results/" + wordCount() + "')").contains("read as it was written"));
    }

    @Test
    void aResultThatIsReadCannotBeDeleted() throws Exception {
        String id = wordCount();
        String reader = apiClient.submit("word-count", Map.of("input", "results/" + id, "delay_seconds", 60L));
        HttpResponse<byte[]> refused = delete(id);
        assertEquals(409, refused.statusCode());
        Map<String, Object> body = ApiClient.json(refused);
        assertEquals("dataset_in_use", body.get("code"));
        assertEquals(
                "The result of job " + id + " is the input of job " + reader + ", which has not ended. Wait for"
                        + " that job, or cancel it",
                body.get("detail"));
        apiClient.post("/api/v1/jobs/" + reader + "/cancel");
        apiClient.awaitEnd(reader);
        assertEquals(204, delete(id).statusCode());
        assertTrue(refusal("SELECT * FROM `results/" + id + "`").contains("is not the result of a job"));
    }

    @Test
    void aWordCountOfAResultCountsItsCsv() {
        Map<String, Object> job = apiClient.run("word-count", Map.of("input", "results/" + wordCount()));
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        assertTrue(apiClient.csv(job.get("job_id").toString()).contains("\"the,13965\",1\n"), job::toString);
    }

    @Test
    void aDamagedResultIsNotRead() throws IOException {
        String id = wordCount();
        Path rows = rowsOf(id);
        Files.writeString(rows, Files.readString(rows).replace("13965", "13966"));
        Map<?, ?> error = (Map<?, ?>) run("SELECT * FROM `results/" + id + "`").get("error");
        assertEquals("invalid_input", error.get("code"), error::toString);
        assertTrue(error.get("message").toString().contains("results/" + id), error::toString);
        Map<?, ?> ofWords = (Map<?, ?>)
                apiClient.run("word-count", Map.of("input", "results/" + id)).get("error");
        assertTrue(ofWords.get("message").toString().contains("results/" + id), ofWords::toString);
    }

    @Test
    void aResultThatHasGoneMeanwhileIsNamed() throws Exception {
        String id = wordCount();
        List<String> blocking = new ArrayList<>();
        List<BlockingJob.Gate> gates = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            String key = UUID.randomUUID().toString();
            blocking.add(apiClient.submit("blocking", Map.of("key", key)));
            gates.add(BlockingJob.gate(key));
            gates.get(i).awaitReached();
        }
        String waiting = apiClient.submit("sql", Map.of("query", "SELECT * FROM `results/" + id + "`"));
        Files.delete(rowsOf(id));
        gates.forEach(BlockingJob.Gate::open);
        Map<?, ?> error = (Map<?, ?>) apiClient.awaitEnd(waiting).get("error");
        assertTrue(error.get("message").toString().contains("results/" + id), error::toString);
        assertTrue(error.get("message").toString().contains("no longer kept or is damaged"), error::toString);
        await().until(() -> apiClient.job(blocking.get(1)).get("status"), "SUCCEEDED"::equals);
    }

    private Path rowsOf(String id) throws IOException {
        try (Stream<Path> files = Files.walk(server.dataDir().resolve("ended"))) {
            return files.filter(file -> file.endsWith(Path.of(id, "result", "data.csv")))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void resultsAreNoRootThatIsListed() {
        assertTrue(apiClient.get("/api/v1/datasets").get("entries").toString().contains("path=samples"));
        assertTrue(!apiClient.get("/api/v1/datasets").get("entries").toString().contains("path=results"));
        assertEquals(
                404,
                apiClient
                        .send(apiClient.request("/api/v1/datasets?path=results").build())
                        .statusCode());
        List<?> lines = (List<?>) apiClient
                .get("/api/v1/datasets/preview?path=results/" + wordCount())
                .get("lines");
        assertEquals("the,13965", lines.get(1));
    }
}
