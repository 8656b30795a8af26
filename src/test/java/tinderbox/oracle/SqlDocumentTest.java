package tinderbox.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** The queries of docs/sql.md have the results that are printed below them. */
class SqlDocumentTest {
    private static final Path DOCUMENT = Path.of("docs/sql.md");
    private static final Pattern QUERY = Pattern.compile("```sql\n(.*?)\n```(\n\n```csv\n(.*?)```)?", Pattern.DOTALL);
    private static final int AT_LEAST = 10;

    /** Stands in the document for the id of a word count of the sample book. */
    private static final String PRINTED_ID = "1d927928-abf3-46e1-a6cc-cd15e5cf1731";

    private static final ApiClient API = new ApiClient(TestServer.shared());
    private static final Map<String, String> JOBS = new HashMap<>();

    @BeforeAll
    static void submitAll() throws Exception {
        String wordCount = API.submit("word-count", Map.of());
        API.awaitEnd(wordCount);
        queries()
                .map(each -> (String) each.get()[0])
                .forEach(query ->
                        JOBS.put(query, API.submit("sql", Map.of("query", query.replace(PRINTED_ID, wordCount)))));
    }

    static Stream<Arguments> queries() throws Exception {
        return QUERY.matcher(Files.readString(DOCUMENT))
                .results()
                .map(block -> Arguments.of(block.group(1), block.group(3) == null ? "" : block.group(3)));
    }

    @Test
    void thereAreEnough() throws Exception {
        assertTrue(queries().count() >= AT_LEAST);
    }

    @ParameterizedTest
    @MethodSource("queries")
    void runsAsPrinted(String query, String result) {
        Map<String, Object> job = API.awaitEnd(JOBS.get(query));
        assertEquals("SUCCEEDED", job.get("status"), () -> query + "\n" + job.get("error"));
        assertEquals(result, API.csv((String) job.get("job_id")), query);
    }
}
