package tinderbox.jobtype.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** What a failed query says, and where. */
class QueryFailuresTest {
    private final ApiClient apiClient = new ApiClient(TestServer.shared());

    @BeforeAll
    static void tables() {
        QueryLists.copyTables(TestServer.shared().root());
    }

    private Map<?, ?> error(String query, Map<String, Object> args) {
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("query", query);
        params.put("args", args);
        Map<String, Object> job = apiClient.run("sql", params);
        assertEquals("FAILED", job.get("status"), query);
        return (Map<?, ?>) job.get("error");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SELECT nmae FROM `test/people.csv`     | 8  | 4  | There is no column nmae; did you mean name?
            SELECT p.nmae FROM `test/people.csv` p | 8  | 6  | There is no column p.nmae; did you mean name?
            SELECT b FROM VALUES (1) t(a)          | 8  | 1  | There is no column b; there is only a
            SELECT cast('abc' AS INT)              | 8  | 18 | The value 'abc' of the type "STRING" cannot be cast to "INT" because it is malformed
            SELECT 1, cast(name AS INT) FROM `test/people.csv` | 11 | 17 | The value 'Ann' of the type "STRING" cannot be cast to "INT" because it is malformed, in a row of test/people.csv
            SELECT sum(1 / (age - age)) FROM `test/people.csv` | 12 | 15 | Division by zero, in a row of test/people.csv
            SELECT array(1, 2)[5]                  | 8  | 14 | The index 5 is out of bounds. The array has 2 elements
            SELECT id / 0 FROM range(3)            | 8  | 6  | Division by zero
            SELECT 9223372036854775807 + id FROM range(3) | 8 | 24 | A number is too large for its type
            SELECT upper(1, 2)                     | 8  | 11 | The function upper takes 1 argument, not 2
            SELECT 1 + array(1)                    | 8  | 12 | The left and right operands of the binary operator have incompatible types ("INT" and "ARRAY<INT>")
            SELECT (SELECT id FROM range(3))       | 8  | 25 | More than one row returned by a subquery used as an expression
            SELECT x.* FROM range(3)               | 8  | 3  | There is no table for x
            SELECT id FROM range(3) LIMIT -1       | 31 | 2  | The limit like expression "-1" is invalid. The limit expression must be equal to or greater than 0, but got -1
            """)
    void theReasonHasAPosition(String query, long column, long length, String message) {
        Map<?, ?> error = error(query, Map.of());
        assertEquals("invalid_query", error.get("code"), error::toString);
        assertEquals(message, error.get("message"));
        assertEquals(Map.of("line", 1L, "column", column, "length", length), error.get("position"), error::toString);
    }

    /** What Spark itself says in words that help nobody here. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            SELECT date_format(now(), 'YYYY-mm-DD') | There is no pattern of dates 'YYYY-mm-DD' | the letters of a pattern are year yyyy, month MM
            SELECT to_date('12/31/2024', 'MM/DD/YYYY') | There is no pattern of dates 'MM/DD/YYYY' | the letters of a pattern are year yyyy, month MM
            SELECT date_format(now(), 'yyyy b') | There is no pattern of dates 'yyyy b' | the letters of a pattern are year yyyy, month MM
            SELECT date_format(now(), 'yyyyyyyy') | There is no pattern of dates 'yyyyyyyy' | the letters of a pattern are year yyyy, month MM
            SELECT date_format(now(), '%Y-%m') | There is no pattern of dates '%Y-%m' | the letters of a pattern are year yyyy, month MM
            SELECT Species FROM VALUES (1) t(`Wildlife Species`) | There is no column Species; did you mean `Wildlife Species`? | NONE
            SELECT zz FROM VALUES (1, 2, 3, 4, 5, 6) t(a, b, c, d, e, f) | There is no column zz; there are among others | NONE
            SELECT a AS x FROM VALUES (1) t(a) WHERE x > 1 | There is no column x | WHERE and ON do not know the names that SELECT gives
            SELECT * FROM VALUES ('x') t(destination) WHERE destination = JFK | There is no column JFK | a text has quotes around it: 'JFK'
            SELECT date_trunc(d, MONTH) FROM VALUES (now()) t(d) | There is no column MONTH | a unit comes first
            SELECT state, count(*) FROM VALUES ('a') t(state) | A column stands beside a function such as count | add GROUP BY
            SELECT state, n, count(*) FROM VALUES ('a', 1) t(state, n) GROUP BY state | n is neither in GROUP BY nor within a function | add it to GROUP BY, or write any_value(n)
            SELECT id FROM range(3) WHERE count(*) > 1 | WHERE cannot have count(1) | conditions on functions such as count
            SELECT substring('a') | The function substring takes 2 or 3 arguments, not 1 | NONE
            SELECT state FROM VALUES ('a') t(state) ORDER BY count(*) | The query cannot compute this here: count(1) | conditions on functions
            SELECT cast('12/31/2024' AS DATE) | The value '12/31/2024' of the type "STRING" cannot be cast | name the form of the text
            SELECT cast(n AS INT) FROM VALUES ('n/a') t(n) | The value 'n/a' of the type "STRING" cannot be cast | use try_cast to get null instead; if a column of a CSV file
            """)
    void aCommonMistakeIsExplained(String query, String message, String hint) {
        Map<?, ?> error = error(query, Map.of());
        assertEquals("invalid_query", error.get("code"), error::toString);
        assertTrue(((String) error.get("message")).startsWith(message), error::toString);
        assertTrue(
                hint.equals("NONE")
                        ? error.get("hint") == null || error.get("hint").equals("")
                        : ((String) error.get("hint")).startsWith(hint),
                error::toString);
    }

    @Test
    void positionsAreThoseOfTheTextAsSent() {
        Map<?, ?> analysis = error("SELECT :a,\n  nope FROM range(:n)", Map.of("a", "x".repeat(100), "n", 3L));
        assertEquals(Map.of("line", 2L, "column", 3L, "length", 4L), analysis.get("position"));
        Map<?, ?> execution = error("SELECT :a, id / :zero FROM range(:n)", Map.of("a", "x", "n", 3L, "zero", 0L));
        assertEquals("Division by zero", execution.get("message"));
        assertEquals(Map.of("line", 1L, "column", 12L, "length", 10L), execution.get("position"));
    }

    @Test
    void adviceIsOnlyWhatIsPossibleHere() {
        assertEquals(
                "use try_divide to tolerate divisor being 0 and return NULL instead",
                error("SELECT 1 / 0", Map.of()).get("hint"));
    }

    @Test
    void whatAUserRaisesIsShown() {
        assertEquals(
                "see spark.sql.x and /etc",
                error("SELECT raise_error('see spark.sql.x and /etc')", Map.of())
                        .get("message"));
        assertEquals(".", error("SELECT raise_error('.')", Map.of()).get("message"));
        assertEquals(
                "The query failed", error("SELECT raise_error('')", Map.of()).get("message"));
    }

    /** Java says only that a number overflows. */
    @Test
    void aTextBeyondTwoGibibytesIsALimit() {
        Map<?, ?> error = error("SELECT repeat('999', 1000000000)", Map.of());
        assertEquals("limit_exceeded", error.get("code"), error::toString);
        assertEquals("A value, or a row, grows larger than 2 GiB", error.get("message"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT cast(concat('x', space(1000000)) AS INT)",
                "SELECT raise_error(concat('x', space(1000000), 'y'))",
                "SELECT assert_true(id < 0, concat('x', space(1000000))) FROM range(1)"
            })
    void anEndlessReasonIsCut(String query) {
        String message = (String) error(query, Map.of()).get("message");
        assertTrue(message.length() <= 501, () -> message.length() + ": " + message);
    }

    /** An argument is the pattern :p, repeated so often. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            SELECT 'x' LIKE :p, a_, 30000, is too long
            SELECT 'x' ILIKE :p || id FROM range(1), %a, 30000, is too long
            SELECT 'x' RLIKE :p, (, 30000, is too long
            "SELECT split('x', :p)", (a|b)*, 9000, is too long
            "SELECT repeat('ab', 100000) RLIKE :p", (a|b)*c, 1, is too long
            SELECT 'x' RLIKE :p, (a, 1, A pattern is not a regular expression: unclosed group
            "SELECT split('x', :p)", *, 1, A pattern is not a regular expression: dangling meta character '*'
            """)
    void aBadPatternIsTheQuerysFault(String query, String pattern, int times, String message) {
        Map<?, ?> error = error(query, Map.of("p", pattern.repeat(times)));
        assertEquals("invalid_query", error.get("code"), error::toString);
        assertTrue(error.get("message").toString().contains(message), error::toString);
    }

    @Test
    void aLongNameIsShortInAWarning() {
        Map<String, Object> job = apiClient.run("sql", Map.of("query", "SELECT 1 AS `" + "x".repeat(900) + "`"));
        assertTrue(job.get("warnings").toString().length() < 250, job.get("warnings")::toString);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM range(3) WHERE repeat('y', 1000000000) = current_date",
                "SELECT cast(space(1000000000) AS TIMESTAMP)"
            })
    void aConstantDateIsNotComputedAtLength(String query) {
        Map<?, ?> error = error(query, Map.of());
        assertEquals("invalid_query", error.get("code"), error::toString);
        assertTrue(error.toString().contains("must not compute a constant date or time"), error::toString);
    }

    @Test
    void argumentsThatAFunctionCannotHaveAreTheQuerysFault() {
        assertEquals(
                "invalid_query",
                error("SELECT lag(1, 'x') OVER (ORDER BY id) FROM range(3)", Map.of())
                        .get("code"));
    }

    @Test
    void aReasonWithoutATextOfSparksHasOne() {
        Map<?, ?> error = error("SELECT id:a FROM range(3)", Map.of());
        assertEquals("invalid_query", error.get("code"), error::toString);
        assertEquals("What is before a colon is not of the type VARIANT", error.get("message"));
    }

    @Test
    void aFaultOfSparkIsNamedAsOne() {
        Map<?, ?> error = error("SELECT struct(struct(id)) AS a FROM range(3) |> DROP a.col1.id", Map.of());
        assertEquals("job_error", error.get("code"), error::toString);
        assertEquals("Spark cannot run this query, for a reason of its own", error.get("message"));
    }

    @Test
    void aValueThatGrowsTooLargeIsALimit() {
        Map<?, ?> error = error("SELECT array_repeat('x', int(2147483647 - id)) FROM range(1)", Map.of());
        assertEquals("limit_exceeded", error.get("code"), error::toString);
    }
}
