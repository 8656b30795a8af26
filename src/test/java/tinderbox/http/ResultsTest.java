package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.Version;
import tinderbox.http.message.ResponseBody;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.read.LineFormat;
import tinderbox.job.result.read.ResultLimits;
import tinderbox.job.result.read.ResultQuery;
import tinderbox.job.result.read.ResultReader;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** Results are read in pages and downloaded in every format. */
class ResultsTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final int PORT = SERVER.port();
    private static final ApiClient API = new ApiClient(SERVER);

    private static String id;
    private static String path;
    private static byte[] csv;
    private static String etag;

    @BeforeAll
    static void countTheWordsOfMobyDick() throws Exception {
        id = (String)
                API.run("word-count", Map.of("input", "samples/moby-dick.txt")).get("job_id");
        path = "/api/v1/jobs/" + id + "/result";
        csv = RawHttp.get(path + "?format=csv").send(PORT).bytes();
        etag = '"'
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(csv))
                + '"';
    }

    @Test
    void aPageHasColumnsAndRows() {
        assertEquals(
                Map.of(
                        "columns",
                        List.of(Map.of("name", "word", "type", "string"), Map.of("name", "count", "type", "integer")),
                        "rows",
                        List.of(List.of("and", 6130L), List.of("a", 4507L)),
                        "offset",
                        2L,
                        "limit",
                        2L,
                        "total",
                        30649L),
                API.get(path + "?offset=2&limit=2"));
        assertEquals(100, ((List<?>) API.get(path).get("rows")).size());
        assertEquals(List.of(), API.get(path + "?offset=9007199254740992").get("rows"));
    }

    @Test
    void aPageCanBeSearched() {
        Map<String, Object> page = API.get(path + "?q=WHALE&limit=1");

        List<String> matching = new String(csv, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("whale"))
                .toList();
        assertEquals((long) matching.size(), page.get("total"));
        List<?> first = (List<?>) ((List<?>) page.get("rows")).get(0);
        assertEquals(matching.get(0), first.get(0) + "," + first.get(1));
    }

    @Test
    void aRowThatIsFoundKeepsItsNumberInTheResult() {
        List<String> rows = new String(csv, StandardCharsets.UTF_8).lines().toList();
        List<Long> places = IntStream.range(1, rows.size())
                .filter(n -> rows.get(n).contains("whale"))
                .mapToObj(Long::valueOf)
                .toList();
        assertEquals(places.subList(0, 3), API.get(path + "?q=whale&limit=3").get("row_numbers"));
        assertEquals(
                places.subList(3, 5),
                API.get(path + "?q=Whale&offset=3&limit=2").get("row_numbers"));
        assertEquals(List.of(), API.get(path + "?q=nothing+has+this").get("row_numbers"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 50, 99, 100})
    void aResultWithAFlippedBitIsNotServedInAnyForm(int percent) throws Exception {
        Path rows = rowsOnDisk();
        byte[] damaged = csv.clone();
        damaged[(int) ((csv.length - 1) * (percent / 100.0))] ^= 0x04;
        try {
            Files.write(rows, damaged);
            // As late as another write would be: the clock of the file system may be coarse.
            Files.setLastModifiedTime(rows, FileTime.from(Instant.now().plusSeconds(1)));
            for (String form : List.of("?limit=1", "?q=whale", "?format=csv", "?format=csv&safe=1")) {
                HttpResponse<byte[]> response = API.send(
                        API.request(path + form).header("Range", "bytes=0-9").build());
                assertEquals(500, response.statusCode());
                assertEquals("result_damaged", ApiClient.json(response).get("code"));
            }
        } finally {
            Files.write(rows, csv);
        }
        assertArrayEquals(csv, RawHttp.get(path + "?format=csv").send(PORT).bytes());
    }

    private static Path rowsOnDisk() throws IOException {
        try (Stream<Path> all = Files.walk(SERVER.dataDir().resolve("ended"))) {
            return all.filter(file -> file.endsWith(id + "/result/data.csv"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @ParameterizedTest(name = "Accept: {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "text/csv | text/csv; charset=utf-8; header=present",
                "text/csv, */*;q=0.1 | text/csv; charset=utf-8; header=present",
                "application/json | application/json; charset=utf-8",
                "text/html,*/*;q=0.8 | application/json; charset=utf-8"
            })
    void theAcceptHeaderChoosesTheFormat(String accept, String contentType) {
        RawHttp.Reply reply = RawHttp.get(path).header("Accept", accept).send(PORT);

        assertEquals(200, reply.status());
        assertEquals(contentType, reply.header("Content-Type"));
    }

    @Test
    void theQueryOverridesTheAcceptHeader() {
        RawHttp.Reply reply =
                RawHttp.get(path + "?format=csv").header("Accept", "text/html").send(PORT);

        assertEquals("text/csv; charset=utf-8; header=present", reply.header("Content-Type"));
    }

    @Test
    void theDownloadIsTheWholeFileUnderAGoodName() {
        RawHttp.Reply reply = RawHttp.get(path + "?format=csv").send(PORT);

        assertEquals(200, reply.status());
        assertTrue(reply.text().startsWith("word,count\nthe,13965\nof,6398\nand,6130\na,4507\nto,4429\n"));
        assertEquals(30650, reply.text().lines().count());
        assertEquals(Integer.toString(csv.length), reply.header("Content-Length"));
        assertEquals(
                "attachment; filename=\"word-count-" + id.substring(0, 8) + ".csv\"",
                reply.header("Content-Disposition"));
        assertEquals(etag, reply.header("ETag"));
        assertEquals("bytes", reply.header("Accept-Ranges"));
        assertEquals("private, no-cache", reply.header("Cache-Control"));
    }

    @Test
    void headHasTheSize() {
        RawHttp.Reply head = RawHttp.request("HEAD", path + "?format=csv")
                .header("Range", "bytes=0-9")
                .send(PORT);

        assertEquals(200, head.status());
        assertEquals(Integer.toString(csv.length), head.header("Content-Length"));
        assertEquals(etag, head.header("ETag"));
        assertEquals(0, head.bytes().length);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"bytes=0-9, 0, 10", "bytes=70000-199999, 70000, 200000", "bytes=-5, -5, 0", "bytes=350000-, 350000, 0"})
    void aRangeIsSentOnRequest(String range, int from, int to) {
        int first = from < 0 ? csv.length + from : from;
        int end = to == 0 ? csv.length : to;

        RawHttp.Reply reply =
                RawHttp.get(path + "?format=csv").header("Range", range).send(PORT);

        assertEquals(206, reply.status());
        assertEquals("bytes " + first + "-" + (end - 1) + "/" + csv.length, reply.header("Content-Range"));
        assertEquals(Integer.toString(end - first), reply.header("Content-Length"));
        assertArrayEquals(Arrays.copyOfRange(csv, first, end), reply.bytes());
        assertEquals(etag, reply.header("ETag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,5-6", "bytes=9-3", "lines=1-2", "nonsense"})
    void anUnknownRangeIsIgnored(String range) {
        RawHttp.Reply reply =
                RawHttp.get(path + "?format=csv").header("Range", range).send(PORT);

        assertEquals(200, reply.status());
        assertEquals(csv.length, reply.bytes().length);
    }

    @Test
    void aRangeBeyondTheEndIs416() {
        RawHttp.Reply reply = RawHttp.get(path + "?format=csv")
                .header("Range", "bytes=99999999-")
                .send(PORT);

        assertEquals(416, reply.status());
        assertEquals("bytes */" + csv.length, reply.header("Content-Range"));
        assertEquals("application/problem+json", reply.header("Content-Type"));
        assertEquals("range_not_satisfiable", reply.json().get("code"));
        assertNull(reply.header("Content-Disposition"));
    }

    @Test
    void aDownloadResumesOnlyIfTheFileIsTheSame() {
        RawHttp same =
                RawHttp.get(path + "?format=csv").header("Range", "bytes=5-").header("If-Range", etag);
        RawHttp other =
                RawHttp.get(path + "?format=csv").header("Range", "bytes=5-").header("If-Range", "\"other\"");
        RawHttp weak =
                RawHttp.get(path + "?format=csv").header("Range", "bytes=5-").header("If-Range", "W/" + etag);

        assertEquals(206, same.send(PORT).status());
        assertEquals(200, other.send(PORT).status());
        assertEquals(200, weak.send(PORT).status());
    }

    @Test
    void aFileThatTheClientHasIsNotSentAgain() {
        RawHttp.Reply reply = RawHttp.get(path + "?format=csv")
                .header("If-None-Match", etag)
                .header("Range", "bytes=99999999-")
                .send(PORT);

        assertEquals(304, reply.status());
        assertEquals(etag, reply.header("ETag"));
        assertEquals("private, no-cache", reply.header("Cache-Control"));
        assertEquals(0, reply.bytes().length);
    }

    /** A part of each kind of file, of which some are made as they are sent, and some before. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "format=csv&bom=1",
                "format=csv&safe=1",
                "format=csv&safe=1&bom=1",
                "format=ndjson",
                "format=parquet",
                "format=csv&bom=1&filter=count:ge:100",
                "format=ndjson&sort=word&filter=count:ge:100",
                "format=parquet&filter=count:ge:100"
            })
    void everyDownloadCanBeResumed(String query) {
        RawHttp.Reply whole = RawHttp.get(path + "?" + query).send(PORT);
        assertEquals(200, whole.status());
        assertEquals("bytes", whole.header("Accept-Ranges"));
        int from = whole.bytes().length / 2;

        RawHttp.Reply rest = RawHttp.get(path + "?" + query)
                .header("Range", "bytes=" + from + "-")
                .header("If-Range", whole.header("ETag"))
                .send(PORT);

        assertEquals(206, rest.status());
        assertArrayEquals(Arrays.copyOfRange(whole.bytes(), from, whole.bytes().length), rest.bytes());
        assertEquals(whole.header("ETag"), rest.header("ETag"));
        RawHttp.Reply first =
                RawHttp.get(path + "?" + query).header("Range", "bytes=1-4").send(PORT);
        assertArrayEquals(Arrays.copyOfRange(whole.bytes(), 1, 5), first.bytes());
        assertEquals("bytes 1-4/" + whole.bytes().length, first.header("Content-Range"));
        RawHttp.get(path + "?" + query)
                .header("Range", "bytes=99999999-")
                .send(PORT)
                .assertProblem(416, "range_not_satisfiable");
    }

    @Test
    void aByteOrderMarkIsAddedOnRequest() {
        RawHttp.Reply reply = RawHttp.get(path + "?format=csv&bom=1").send(PORT);

        assertEquals("\ufeff" + new String(csv, StandardCharsets.UTF_8), reply.text());
        assertEquals(Integer.toString(csv.length + 3), reply.header("Content-Length"));
        assertEquals(
                200,
                RawHttp.get(path + "?format=csv&bom=1")
                        .header("If-None-Match", etag)
                        .send(PORT)
                        .status());
        RawHttp.get(path + "?format=ndjson&bom=1").send(PORT).assertProblem(400, "bad_query");
    }

    @Test
    void theSafeDownloadDefusesFormulasAndHasItsOwnTag() throws Exception {
        Files.writeString(SERVER.root().resolve("formulas.txt"), "=1+1 @x -2 +3 a=b \"q\",\n=1+1 =1+1 =1+1 y;=2\n");
        String formulas = (String)
                API.run("word-count", Map.of("input", "test/formulas.txt")).get("job_id");
        String target = "/api/v1/jobs/" + formulas + "/result?format=csv";
        RawHttp.Reply raw = RawHttp.get(target).send(PORT);

        RawHttp.Reply safe = RawHttp.get(target + "&safe=1").send(PORT);

        assertEquals("word,count\n=1+1,4\n\"\"\"q\"\",\",1\n+3,1\n-2,1\n@x,1\na=b,1\ny;=2,1\n", raw.text());
        assertEquals("word,count\n'=1+1,4\n\"\"\"q\"\",\",1\n'+3,1\n'-2,1\n'@x,1\na=b,1\ny;'=2,1\n", safe.text());
        assertEquals(200, safe.status());
        assertEquals("bytes", safe.header("Accept-Ranges"));
        assertEquals(
                raw.header("ETag").replaceFirst("\"$", "-safe-" + Version.tinderbox() + "\""), safe.header("ETag"));
        assertEquals(
                304,
                RawHttp.get(target + "&safe=1")
                        .header("If-None-Match", safe.header("ETag"))
                        .send(PORT)
                        .status());
        assertEquals(
                200,
                RawHttp.get(target + "&safe=1")
                        .header("If-None-Match", raw.header("ETag"))
                        .send(PORT)
                        .status());
        RawHttp.Reply head = RawHttp.request("HEAD", target + "&safe=1").send(PORT);
        assertEquals(200, head.status());
        assertNull(head.header("Content-Length"), "the length is not known before the end");
        assertEquals(
                raw.bytes().length, RawHttp.get(target + "&safe=0").send(PORT).bytes().length);
    }

    @Test
    void aResultIsAvailableAsOneJsonObjectPerLine() throws Exception {
        RawHttp.Reply reply = RawHttp.get(path + "?format=ndjson").send(PORT);

        assertEquals(200, reply.status());
        assertEquals("application/x-ndjson", reply.header("Content-Type"));
        assertEquals(
                "attachment; filename=\"word-count-" + id.substring(0, 8) + ".ndjson\"",
                reply.header("Content-Disposition"));
        List<String> lines = reply.text().lines().toList();
        assertEquals(30649, lines.size());
        assertEquals("{\"word\":\"the\",\"count\":13965}", lines.get(0));
        for (String line : lines) {
            Json.readObject(line.getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(etag.replaceFirst("\"$", "-ndjson-" + Version.tinderbox() + "\""), reply.header("ETag"));
        assertEquals(
                304,
                RawHttp.get(path)
                        .header("Accept", "application/x-ndjson")
                        .header("If-None-Match", reply.header("ETag"))
                        .send(PORT)
                        .status());
    }

    @Test
    void jsonLinesLoseNothing(@TempDir Path folder) throws IOException {
        var result = new JobResult(List.of(Column.string("text"), Column.integer("n")), 3, 0, "", Map.of());
        String rows = "text,n\n\"a \"\"b\"\"\nc\",9007199254740993\n,-9007199254740992\nd,\n";
        Path file = Files.writeString(folder.resolve("data.csv"), rows);
        var reader = new ResultReader(
                result,
                Files.newByteChannel(file),
                ResultQuery.all(),
                LineFormat.NDJSON,
                ResultLimits.ofHeap(1L << 30));

        try (ResponseBody body = new ResponseBody.ResultRows(reader)) {
            assertEquals("""
                    {"text":"a \\"b\\"\\nc","n":"9007199254740993"}
                    {"text":null,"n":-9007199254740992}
                    {"text":"d","n":null}
                    """, StandardCharsets.UTF_8.decode(body.next()).toString());
            assertEquals(0, body.next().remaining());
        }
    }

    @Test
    void aResultWithoutRowsIsAHeader() throws Exception {
        Files.writeString(SERVER.root().resolve("empty.txt"), "");
        String empty = (String)
                API.run("word-count", Map.of("input", "test/empty.txt")).get("job_id");

        assertEquals(0L, API.get("/api/v1/jobs/" + empty + "/result").get("total"));
        assertEquals("word,count\n", API.csv(empty));
        assertEquals(
                "word,count\n",
                RawHttp.get("/api/v1/jobs/" + empty + "/result?format=csv&safe=1")
                        .send(PORT)
                        .text());
    }

    @Test
    void aClientThatDisconnectsHarmsNobody() throws IOException {
        for (int i = 0; i < 30; i++) {
            try (Socket socket = RawHttp.get(path + "?format=csv").open(PORT)) {
                socket.setSoLinger(true, 0);
                socket.getInputStream().read();
            }
        }

        assertArrayEquals(csv, RawHttp.get(path + "?format=csv").send(PORT).bytes());
        assertEquals(new String(csv, StandardCharsets.UTF_8), API.csv(id));
    }
}
