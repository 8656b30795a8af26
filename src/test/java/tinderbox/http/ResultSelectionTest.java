package tinderbox.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.Version;
import tinderbox.job.result.ResultWriter;
import tinderbox.support.ApiClient;
import tinderbox.support.LambdaJob;
import tinderbox.support.TestServer;

/** Results are filtered and sorted over HTTP. */
class ResultSelectionTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final ApiClient API = new ApiClient(SERVER);

    private static final Comparator<Word> BY_WORD =
            Comparator.comparing(word -> word.word.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    @TempDir
    private static Path folder;

    private static String path;
    private static List<Word> words;

    private record Word(long number, String word, long count) {}

    @BeforeAll
    static void countTheWordsOfMobyDick() {
        String id = (String)
                API.run("word-count", Map.of("input", "samples/moby-dick.txt")).get("job_id");
        path = "/api/v1/jobs/" + id + "/result";
        words = new ArrayList<>();
        for (int offset = 0; words.size() == offset; offset += 10_000) {
            int before = offset;
            List<List<Object>> rows = rows(API.get(path + "?limit=10000&offset=" + offset));
            IntStream.range(0, rows.size())
                    .forEach(i -> words.add(
                            new Word(before + i + 1, (String) rows.get(i).get(0), (Long)
                                    rows.get(i).get(1))));
        }
        assertEquals(30649, words.size());
    }

    @SuppressWarnings("unchecked")
    private static List<List<Object>> rows(Map<String, Object> page) {
        return (List<List<Object>>) page.get("rows");
    }

    private static String once(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static void assertIs(List<Word> expected, int offset, String query) {
        Map<String, Object> page = API.get(path + "?limit=50&offset=" + offset + "&" + query);
        List<Word> shown = expected.stream().skip(offset).limit(50).toList();
        assertEquals(
                shown.stream()
                        .map(word -> List.<Object>of(word.word, word.count))
                        .toList(),
                page.get("rows"),
                query);
        assertEquals(shown.stream().map(Word::number).toList(), page.get("row_numbers"));
        assertEquals((long) expected.size(), page.get("total"));
    }

    @Test
    void rowsAreSortedByAnyColumnsWithTheirNumbersInTheResult() {
        List<Word> ascending =
                words.stream().sorted(Comparator.comparing(Word::count)).toList();
        assertIs(ascending, 0, "sort=count");
        assertIs(ascending, 12_345, "sort=count");
        assertIs(words.stream().sorted(BY_WORD).toList(), 500, "sort=word");
        assertIs(
                words.stream()
                        .sorted(Comparator.comparing(Word::count).thenComparing(BY_WORD.reversed()))
                        .toList(),
                20_000,
                "sort=count,-word");
    }

    @Test
    void rowsAreFilteredByAnyColumnsTogetherWithQ() {
        assertIs(words.stream().filter(word -> word.count >= 100).toList(), 5, "filter=count:ge:100");
        List<Word> whales = words.stream()
                .filter(word -> word.word.contains("whale") && word.count < 10 && !word.word.equals("whale-ship"))
                .toList();
        assertIs(whales, 3, "q=WHALE&filter=count:lt:1e1&filter=word:ne:whale-ship");
        assertIs(
                whales.stream().sorted(BY_WORD).toList(),
                0,
                "filter=word:contains:Whale&filter=count:lt:10&filter=word:ne:whale-ship&sort=word");
        assertIs(List.of(), 0, "filter=word:null");
        assertIs(words, 30_640, "filter=word:notnull");
    }

    @Test
    void rowsAreFilteredByListsOfTextsAndByLength() {
        assertIs(
                words.stream()
                        .filter(word -> Set.of("whale,", "sea", "é").contains(word.word))
                        .toList(),
                0,
                "filter=word:in:Sea,whale%252C,%C3%89,xyzzy");
        assertIs(
                words.stream()
                        .filter(word -> !Set.of("the", "of", "whale").contains(word.word))
                        .filter(word -> word.word.codePointCount(0, word.word.length()) >= 3)
                        .filter(word -> word.word.codePointCount(0, word.word.length()) <= 5)
                        .toList(),
                20,
                "filter=word:notin:THE,of,whale&filter=word:minlength:3&filter=word:maxlength:5");
        assertIs(List.of(), 0, "filter=word:in:");
    }

    /** As if the words had been counted without regard to case; also the ranks, of which the other selections are. */
    @Test
    void wordsThatDifferInCaseAreAddedUp() throws Exception {
        Object id = API.run("word-count", Map.of("input", "samples/moby-dick.txt", "case_sensitive", true))
                .get("job_id");
        String folded = "/api/v1/jobs/" + id + "/result?fold=case";
        String csv = API.text(path + "?format=csv");

        assertEquals(csv, API.text(folded + "&format=csv"));
        Map<String, Object> page = API.get(folded + "&filter=word:eq:whale&sort=-count");
        assertEquals(List.of(List.of("whale", 494L)), page.get("rows"));
        assertEquals(List.of(47L), page.get("row_numbers"));
        assertEquals(1L, page.get("total"));
        Map<String, Object> far = API.get(folded + "&offset=30000&limit=2");
        assertEquals(API.get(path + "?offset=30000&limit=2").get("rows"), far.get("rows"));
        assertEquals(30_649L, far.get("total"));
        assertEquals(
                List.of("the|13965", "of|6398"),
                parquetRows(RawHttp.get(folded + "&format=parquet").send(SERVER.port()), "word || '|' || count")
                        .subList(0, 2));
        String whole = RawHttp.get(folded.replace("?fold=case", "?format=csv"))
                .send(SERVER.port())
                .header("ETag");
        assertTrue(!whole.equals(
                RawHttp.get(folded + "&format=csv").send(SERVER.port()).header("ETag")));
    }

    @Test
    void onlyTextsWithWholeNumbersAreAddedUp() {
        Object id = API.run("line-lengths", Map.of("input", "samples/moby-dick.txt"))
                .get("job_id");
        RawHttp.Reply reply =
                RawHttp.get("/api/v1/jobs/" + id + "/result?fold=case").send(SERVER.port());
        reply.assertProblem(400, "bad_query");
        assertEquals(
                List.of(Map.of(
                        "field", "fold", "message", "needs a result with two columns, a text and a whole number")),
                reply.json().get("errors"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:b", "100%", "x,y", "\"q\"", "é😀", "1+1", "%41", "a&b=c"})
    void valuesMayHaveAnyCharacters(String word) throws Exception {
        Files.writeString(SERVER.root().resolve("odd.txt"), word + " other");
        String odd = "/api/v1/jobs/"
                + API.run("word-count", Map.of("input", "test/odd.txt")).get("job_id") + "/result?filter=word:";

        assertEquals(
                List.of(List.of(word.toLowerCase(Locale.ROOT), 1L)),
                API.get(odd + "eq:" + once(once(word))).get("rows"));
        assertEquals(
                List.of(List.of("other", 1L)),
                API.get(odd + "ne:" + once(once(word))).get("rows"));
        assertEquals(1L, API.get(odd + "contains:" + once(once(word))).get("total"));
        assertEquals(2L, API.get(odd + "contains:").get("total"), "an empty text is in every other");
    }

    @ParameterizedTest
    @CsvSource({
        "sort, size, 'names the column size, which the result does not have'",
        "sort, 'count,', 'names the column , which the result does not have'",
        "sort, 'count,-count', must name a column only once",
        "sort, 'count,word,count,word', must have at most 3 columns",
        "sort, %25zz, has a percent sign that begins no escape; percent-encode names and values twice",
        "filter, size:eq:1, 'names the column size, which the result does not have'",
        "fold, words, must be one of case",
        "filter, count:in:1, 'of the column count must not be in, which is for columns of texts'",
        "filter, word:minlength:x, 'of the column word must be a number of characters, such as 4'",
        "filter, count:eq:many, 'of the column count must be a number, such as 10 or -1.5'",
        "filter, word:eq:100%25, has a percent sign that begins no escape; percent-encode names and values twice"
    })
    void whatDoesNotFitTheResultIsNamed(String parameter, String value, String message) {
        RawHttp.Reply reply = RawHttp.get(path + "?" + parameter + "=" + value).send(SERVER.port());
        reply.assertProblem(400, "bad_query");
        assertEquals(
                List.of(Map.of("field", parameter, "message", message)),
                reply.json().get("errors"));
    }

    @ParameterizedTest
    @CsvSource({"count", "count:eq", "count:is:1", "count:null:", "count:NULL", "''", ":", "::"})
    void aFilterHasAFixedForm(String filter) {
        RawHttp.Reply reply = RawHttp.get(path + "?filter=" + filter).send(SERVER.port());
        reply.assertProblem(400, "bad_query");
        assertTrue(
                reply.text()
                        .contains("must be COLUMN:OP:VALUE, such as count:ge:10, where OP is one of eq, ne, lt, le,"),
                reply::text);
    }

    @Test
    void whatIsSelectedCanBeDownloadedInEveryFormat() throws Exception {
        String selection = "&q=whale&filter=count:ge:3&sort=count,-word";
        List<Word> selected = words.stream()
                .filter(word -> word.word.contains("whale") && word.count >= 3)
                .sorted(Comparator.comparing(Word::count).thenComparing(BY_WORD.reversed()))
                .toList();
        assertTrue(selected.size() > 10);

        RawHttp.Reply csv = download("format=csv" + selection);
        assertEquals("text/csv; charset=utf-8; header=present", csv.header("Content-Type"));
        assertTrue(csv.header("Content-Disposition").endsWith("-selected.csv\""), csv.header("Content-Disposition"));
        assertEquals(Integer.toString(csv.bytes().length), csv.header("Content-Length"));
        assertEquals(
                "word,count\n"
                        + selected.stream()
                                .map(word -> (word.word.contains(",") ? '"' + word.word + '"' : word.word) + ","
                                        + word.count + "\n")
                                .collect(Collectors.joining()),
                csv.text());
        RawHttp.Reply lines = download("format=ndjson" + selection);
        assertEquals("application/x-ndjson", lines.header("Content-Type"));
        assertEquals(
                selected.stream()
                        .map(word -> "{\"word\":\"" + word.word + "\",\"count\":" + word.count + "}\n")
                        .collect(Collectors.joining()),
                lines.text());
        assertEquals(csv.text(), download("format=csv&safe=1" + selection).text());
        RawHttp.Reply parquet = download("format=parquet" + selection);
        assertEquals("application/vnd.apache.parquet", parquet.header("Content-Type"));
        assertTrue(parquet.header("Content-Disposition").endsWith("-selected.parquet\""));
        assertEquals(
                selected.stream().map(word -> word.word + "|" + word.count).toList(),
                parquetRows(parquet, "word || '|' || count"));
    }

    private static List<String> parquetRows(RawHttp.Reply parquet, String expression) throws Exception {
        Path file = Files.write(folder.resolve("downloaded.parquet"), parquet.bytes());
        try (Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + expression + " FROM '" + file + "'")) {
            List<String> read = new ArrayList<>();
            while (rows.next()) {
                read.add(rows.getString(1));
            }
            return read;
        }
    }

    @Test
    void aWholeResultCanBeParquet() throws Exception {
        RawHttp.Reply parquet = RawHttp.get(path)
                .header("Accept", "application/vnd.apache.parquet")
                .send(SERVER.port());
        assertEquals(200, parquet.status());
        assertEquals(
                words.stream().map(word -> word.word + "|" + word.count).toList(),
                parquetRows(parquet, "word || '|' || count"));
        assertEquals(Integer.toString(parquet.bytes().length), parquet.header("Content-Length"));
        assertTrue(parquet.header("ETag").endsWith("-parquet-" + Version.tinderbox() + "\""));
        RawHttp.get(path + "?format=parquet&safe=1").send(SERVER.port()).assertProblem(400, "bad_query");
    }

    @Test
    void aResultWithoutColumnsHasItsRowsInEveryFormatButParquet() {
        Map<String, Object> job = LambdaJob.run(API, context -> {
            ResultWriter rows = context.result(List.of());
            rows.row(List.of());
            rows.row(List.of());
            return Map.of();
        });
        String target = "/api/v1/jobs/" + job.get("job_id") + "/result";

        assertEquals(List.of(List.of(), List.of()), API.get(target).get("rows"));
        assertEquals(
                "\n\n\n",
                RawHttp.get(target + "?format=csv").send(SERVER.port()).text());
        assertEquals(
                "{}\n{}\n",
                RawHttp.get(target + "?format=ndjson").send(SERVER.port()).text());
        RawHttp.get(target + "?format=parquet").send(SERVER.port()).assertProblem(400, "bad_query");
    }

    private static RawHttp.Reply download(String query) {
        RawHttp.Reply reply = RawHttp.get(path + "?" + query).send(SERVER.port());
        assertEquals(200, reply.status());
        assertEquals("private, no-cache", reply.header("Cache-Control"));
        return reply;
    }

    @Test
    void eachSelectionHasItsOwnEntityTag() {
        Set<String> tags = new HashSet<>();
        List<String> queries = List.of(
                "format=csv",
                "format=csv&sort=word",
                "format=csv&sort=-word",
                "format=csv&filter=word:eq:a",
                "format=csv&filter=count:eq:1",
                "format=ndjson&filter=count:eq:1",
                "format=parquet",
                "format=parquet&filter=count:eq:1",
                "format=csv&safe=1&filter=count:eq:1",
                "format=csv&q=a");
        for (String query : queries) {
            String tag = download(query).header("ETag");
            tags.add(tag);
            assertEquals(tag, download(query).header("ETag"));
            RawHttp.Reply same =
                    RawHttp.get(path + "?" + query).header("If-None-Match", tag).send(SERVER.port());
            assertEquals(304, same.status());
            RawHttp.Reply head = RawHttp.request("HEAD", path + "?" + query).send(SERVER.port());
            assertEquals(tag, head.header("ETag"));
        }
        assertEquals(queries.size(), tags.size());
    }

    @Test
    void slowDownloadsOfSelectionsAreLimited() throws Exception {
        // More than the buffers of a connection take.
        Files.write(
                SERVER.root().resolve("many.txt"),
                IntStream.range(0, 150_000).mapToObj(i -> "x".repeat(70) + i).toList());
        Object id = API.run("word-count", Map.of("input", "test/many.txt")).get("job_id");
        String query = "/api/v1/jobs/" + id + "/result?format=ndjson&filter=count:ge:1";
        List<Socket> slow = new ArrayList<>();
        try {
            RawHttp.Reply refused;
            do {
                Socket socket = RawHttp.get(query).open(SERVER.port());
                slow.add(socket);
                // The file is written.
                assertEquals('H', socket.getInputStream().read());
                refused = RawHttp.get(query).send(SERVER.port());
            } while (refused.status() == 200 && slow.size() < 10);
            refused.assertProblem(503, "server_busy");
            assertEquals(2, slow.size());
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        await().until(() -> RawHttp.get(query).send(SERVER.port()).status() == 200);
    }

    @Test
    void thereAreAtMostTenFilters() {
        RawHttp.get(path + "?filter=count:ge:1" + "&filter=count:ge:1".repeat(9))
                .send(SERVER.port())
                .json();
        RawHttp.get(path + "?filter=count:ge:1" + "&filter=count:ge:1".repeat(10))
                .send(SERVER.port())
                .assertProblem(400, "bad_query");
    }
}
