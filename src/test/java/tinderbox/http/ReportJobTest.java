package tinderbox.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.common.Causes;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.result.Column;
import tinderbox.job.result.ResultParts;
import tinderbox.job.result.ResultWriter;
import tinderbox.json.Json;
import tinderbox.store.files.ChecksummedJson;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** A job type that uses everything that a job type can, over HTTP. */
class ReportJobTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final int PORT = SERVER.port();
    private static final ApiClient API = new ApiClient(SERVER);

    private static String result;

    @BeforeAll
    static void reportOfFourLines() throws IOException {
        Files.writeString(SERVER.root().resolve("three.txt"), "a\nb\nc\n");
        Files.writeString(SERVER.root().resolve("one.txt"), "d\n");
        result = result(Map.of("inputs", List.of("test/three.txt", "test/one.txt")));
    }

    private static String result(Map<String, Object> params) {
        Map<String, Object> job = API.run("report", params);
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        return "/api/v1/jobs/" + job.get("job_id") + "/result";
    }

    private static String text(String path) throws IOException {
        RawHttp.Reply reply = RawHttp.get(path).send(PORT);
        assertEquals(200, reply.status(), reply::text);
        return reply.text();
    }

    @Test
    void aPageHasEveryTypeExactly() throws Exception {
        String page = text(result);
        assertTrue(
                page.startsWith("{\"columns\":[{\"name\":\"string\",\"type\":\"string\"},"
                        + "{\"name\":\"integer\",\"type\":\"integer\"},{\"name\":\"double\",\"type\":\"double\"},"
                        + "{\"name\":\"boolean\",\"type\":\"boolean\"},{\"name\":\"decimal\",\"type\":\"decimal\"},"
                        + "{\"name\":\"date\",\"type\":\"date\"},{\"name\":\"timestamp\",\"type\":\"timestamp\"},"
                        + "{\"name\":\"timestamp_ntz\",\"type\":\"timestamp_ntz\"},"
                        + "{\"name\":\"binary\",\"type\":\"binary\"},{\"name\":\"json\",\"type\":\"json\"}],"),
                page);
        String rows = """
                "rows":[
                ["=1+1",-7,0.1,true,"-1.50","2026-11-30","2026-11-30T12:00:00.123456Z","2026-11-30T12:00:00.123456",
                "+/8=",{"n":[1,"9007199254740993"]}],
                ["","9223372036854775807",-0.0,false,"99999999999999999999999999999999999999","-0001-01-01",
                "+10000-01-01T00:00:00Z","0001-01-01T00:00:00","","not JSON"],
                ["naïve, \\"q\\"\\n","100000000000000000000","NaN",true,"0.00000001","1999-12-31",
                "1970-01-01T00:00:00Z","2026-11-30T12:00:00","AA==",null],
                [null,null,null,null,null,null,null,null,null,null]]""".replace("\n", "");
        assertTrue(page.contains(rows), page);
    }

    @Test
    void jsonLinesHaveTheSameValues() throws Exception {
        List<?> rows = (List<?>) API.get(result).get("rows");
        List<String> lines = text(result + "?format=ndjson").lines().toList();
        assertEquals(4, lines.size());
        for (int i = 0; i < 4; i++) {
            Map<String, Object> line = Json.readObject(lines.get(i).getBytes(StandardCharsets.UTF_8));
            assertEquals(
                    Arrays.stream(Column.Type.values()).map(Column.Type::code).toList(), List.copyOf(line.keySet()));
            assertEquals(rows.get(i), Arrays.asList(line.values().toArray()));
        }
    }

    @Test
    void csvHasTheSameTextsAndTellsNullFromEmpty() throws Exception {
        assertEquals("""
                string,integer,double,boolean,decimal,date,timestamp,timestamp_ntz,binary,json
                =1+1,-7,0.1,true,-1.50,2026-11-30,2026-11-30T12:00:00.123456Z,2026-11-30T12:00:00.123456,+/8=,"{""n"": [1, 9007199254740993]}"
                "",9223372036854775807,-0.0,false,99999999999999999999999999999999999999,-0001-01-01,+10000-01-01T00:00:00Z,0001-01-01T00:00:00,"",not JSON
                "naïve, ""q""
                ",100000000000000000000,NaN,true,0.00000001,1999-12-31,1970-01-01T00:00:00Z,2026-11-30T12:00:00,AA==,null
                ,,,,,,,,,
                """, text(result + "?format=csv"));
    }

    @Test
    void theSafeDownloadDefusesEverythingButNumbers() throws Exception {
        String safe = text(result + "?format=csv&safe=1");
        assertTrue(safe.contains("\n'=1+1,-7,0.1,true,-1.50,2026"), safe);
        assertTrue(safe.contains(",'+/8=,"), safe);
        assertTrue(safe.contains(",-0.0,false,9"), safe);
        assertTrue(safe.contains(",'-0001-01-01,'+10000-01-01T00:00:00Z,0001"), safe);
    }

    @Test
    void aSearchLooksAtTheFirstColumnWhateverItsType() {
        String dates = result(Map.of("inputs", List.of("test/three.txt"), "columns", "timestamp string"));
        assertEquals(List.of(2L), API.get(dates + "?q=10000-01-01t").get("row_numbers"));
        assertEquals(List.of(1L), API.get(dates + "?q=.123456z").get("row_numbers"));
    }

    @Test
    void partsOfTasksGiveTheSameBytesAsRowsOfTheDriver() throws Exception {
        Files.writeString(SERVER.root().resolve("many.txt"), "line\n".repeat(20_000));
        Map<String, Object> tasks = Map.of("inputs", List.of("test/many.txt"));
        Map<String, Object> driver = Map.of("inputs", List.of("test/many.txt"), "tasks", false);

        RawHttp.Reply parts = RawHttp.get(result(tasks) + "?format=csv").send(PORT);
        RawHttp.Reply direct = RawHttp.get(result(driver) + "?format=csv").send(PORT);

        assertEquals(direct.text(), parts.text());
        assertEquals(direct.header("ETag"), parts.header("ETag"));
        assertEquals(1 + 20_000 + 5_000, parts.text().lines().count(), "a quarter of the rows takes two lines");
    }

    @Test
    void partsBeyondTheLimitEndTheSparkJob(@TempDir Path folder) throws Exception {
        JavaSparkContext spark = new JavaSparkContext(SparkContext.getOrCreate());
        try (ResultWriter writer = new ResultWriter(folder, List.of(Column.string("text")), 1 << 20)) {
            ResultParts parts = writer.parts();
            SparkException failed = assertThrows(
                    SparkException.class,
                    () -> spark.parallelize(Collections.nCopies(2_000, "x".repeat(1_000)), 4)
                            .<List<?>>map(List::of)
                            .mapPartitions(rows -> List.of(parts.write(rows)).iterator())
                            .collect());
            JobException refused = Causes.of(failed)
                    .filter(JobException.class::isInstance)
                    .map(JobException.class::cast)
                    .findFirst()
                    .orElseThrow();
            assertEquals(ErrorCode.LIMIT_EXCEEDED, refused.code());
        }
    }

    @Test
    void twoColumnsOfOneNameEndTheJobWithAHint() {
        Map<String, Object> job = API.run("report", Map.of("inputs", List.of("test/one.txt"), "columns", "date date"));
        Map<?, ?> error = (Map<?, ?>) job.get("error");
        assertEquals("job_error", error.get("code"));
        assertEquals("Two columns of the result are named date", error.get("message"));
        assertEquals("give each column a name of its own", error.get("hint"));
    }

    @Test
    void aColumnTypeOfANewerVersionIsNamedInTheError() throws Exception {
        String path = result(Map.of("inputs", List.of("test/one.txt"), "columns", "date"));
        String job = path.substring(0, path.lastIndexOf('/'));
        Path manifest;
        try (Stream<Path> files = Files.walk(SERVER.dataDir().resolve("ended"))) {
            manifest = files.filter(
                            file -> file.endsWith(job.substring(job.lastIndexOf('/') + 1) + "/result/manifest.json"))
                    .findFirst()
                    .orElseThrow();
        }
        String newer = new String(ChecksummedJson.read(manifest), StandardCharsets.UTF_8)
                .replace("\"type\":\"date\"", "\"type\":\"geometry\"");
        Files.write(manifest, ChecksummedJson.addChecksum(newer.getBytes(StandardCharsets.UTF_8)));

        for (String query : List.of("", "?format=csv", "?format=ndjson")) {
            RawHttp.Reply refused = RawHttp.get(path + query).send(PORT);
            assertEquals(501, refused.status(), refused::text);
            assertEquals("result_too_new", refused.json().get("code"));
            assertTrue(refused.text().contains("The column date of this result has the type geometry"), refused::text);
        }
        assertEquals("SUCCEEDED", API.get(job).get("status"));
        assertEquals(204, RawHttp.request("DELETE", job).send(PORT).status());
    }

    @Test
    void bothReadersReadCompressedFilesAndCountTheirBytes() throws Exception {
        Path folder = Files.createDirectories(SERVER.root().resolve("report"));
        Files.writeString(folder.resolve("a.txt"), "one\ntwo\n");
        try (var gzip = new GZIPOutputStream(Files.newOutputStream(folder.resolve("b.txt.gz")))) {
            gzip.write("three\nfour\nfive\n".getBytes(StandardCharsets.UTF_8));
        }
        long bytes = Files.size(folder.resolve("a.txt")) + Files.size(folder.resolve("b.txt.gz"));
        for (String reader : List.of("spark", "context")) {
            Map<String, Object> job =
                    API.run("report", Map.of("inputs", List.of("test/report"), "reader", reader, "columns", "date"));
            assertEquals(Map.of("rows", 5L), job.get("summary"), job::toString);
            Map<?, ?> progress = (Map<?, ?>) job.get("progress");
            assertEquals(List.of(bytes, bytes), List.of(progress.get("bytes_read"), progress.get("bytes_total")));
        }
    }

    @Test
    void itHasItsOwnLabelSearchTextAndInputs() {
        Map<String, Object> params =
                Map.of("inputs", List.of("test/three.txt", "test/one.txt"), "columns", "json binary");
        Map<String, Object> job = API.run("report", params);
        assertEquals("Report on 2 datasets", job.get("name"));
        assertEquals(List.of("test/three.txt", "test/one.txt"), job.get("inputs"));
        assertEquals(List.of(job.get("job_id")), found("json+binary"));
        assertEquals(List.of(), found("test/three.txt"), "the search text replaces the inputs");
    }

    private static List<?> found(String text) {
        return ((List<?>) API.get("/api/v1/jobs?type=report&q=" + text).get("jobs"))
                .stream().map(job -> ((Map<?, ?>) job).get("job_id")).toList();
    }

    @Test
    void theCatalogueSaysHowItsParametersAndItsResultLook() throws Exception {
        String types = text("/api/v1/job-types");
        String report = types.substring(types.indexOf("{\"type\":\"report\""));
        assertTrue(
                report.contains("\"result\":{\"tiles\":[{\"summary\":\"rows\",\"title\":\"Rows\",\"unit\":\"count\"},"
                        + "{\"summary\":\"rows\",\"title\":\"Rows per second\",\"unit\":\"per_second\"}],\"charts\":"
                        + "[{\"kind\":\"bars\",\"label\":\"string\",\"value\":\"integer\""),
                report);
        assertTrue(report.contains("\"row_number\":\"Line\",\"empty_reason\":null"), report);
        assertTrue(report.contains("\"kind\":\"datasets\"") && report.contains("\"max_items\":3"), report);
        assertTrue(report.contains("\"kind\":\"text\"") && report.contains("\"max_length\":1000"), report);
    }

    @Test
    void aProblemOfTheTextHasItsPosition() {
        HttpResponse<byte[]> refused = submit(Map.of("inputs", List.of("test/one.txt"), "columns", "date\n 😀 data"));
        assertEquals(422, refused.statusCode());
        assertEquals(
                List.of(
                        problem("😀 is not a column type", Map.of("line", 2L, "column", 2L, "length", 1L)),
                        problem("data is not a column type", Map.of("line", 2L, "column", 4L, "length", 4L))),
                ApiClient.json(refused).get("errors"));
    }

    private static Map<String, Object> problem(String message, Map<String, Long> position) {
        return Map.of("field", "params.columns", "message", message, "position", position);
    }

    private static HttpResponse<byte[]> submit(Map<String, Object> params) {
        return API.send(API.request("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(Map.of("type", "report", "params", params))))
                .build());
    }

    @Test
    void aFailureOfTheJobHasItsPosition() {
        Map<String, Object> job =
                API.run("report", Map.of("inputs", List.of("test/one.txt"), "columns", "date\r\nfraction"));
        assertEquals(
                Map.of(
                        "code",
                        "invalid_input",
                        "message",
                        "No column can hold fractions",
                        "hint",
                        "choose another type",
                        "position",
                        Map.of("line", 2L, "column", 1L, "length", 8L)),
                job.get("error"));
    }

    @Test
    void aCancelStopsTasksThatWriteAndLeavesNothing() throws Exception {
        String id = API.submit(
                "report", Map.of("inputs", List.of("test/three.txt"), "columns", "boolean", "repeat", 1_000_000_000));
        await().until(() -> "writing".equals(progress(id).get("phase"))
                && !progress(id).get("tasks_running").equals(0L));
        API.post("/api/v1/jobs/" + id + "/cancel");
        assertEquals("CANCELLED", API.awaitEnd(id).get("status"));
        try (Stream<Path> files = Files.walk(SERVER.dataDir().resolve("ended"))) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.toString().matches(".*" + id + ".*/part-.*"))
                            .toList());
        }
    }

    private static Map<?, ?> progress(String id) {
        return (Map<?, ?>) API.job(id).get("progress");
    }
}
