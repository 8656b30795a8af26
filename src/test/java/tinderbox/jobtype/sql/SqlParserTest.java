package tinderbox.jobtype.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.CollectionConverters;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.TextPosition;

/** What the parser makes of texts and arguments, and where it says that something is wrong. */
class SqlParserTest {
    private static final String ASTRAL = "\uD83D\uDE00";

    private static FieldProblem problem(String text, Map<String, Object> args) {
        JobException refused = assertThrows(JobException.class, () -> SqlParser.parse(text, args));
        assertEquals(1, refused.problems().size(), refused.problems()::toString);
        return refused.problems().get(0);
    }

    private static FieldProblem problem(String text) {
        return problem(text, Map.of());
    }

    private static List<Object> values(String text, Map<String, Object> args) {
        Project project = (Project) SqlParser.parse(text, args).plan();
        return CollectionConverters.asJava(project.projectList()).stream()
                .map(each -> ((Expression) each).children().head().eval(null))
                .map(each -> each == null ? null : (Object) each.toString())
                .toList();
    }

    private static Map<String, Object> args(Object... namesAndValues) {
        Map<String, Object> args = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            args.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return args;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            SELECT 1 FORM t WHERE                      | 1 | 15 | 1 | has a syntax error at 't'
            SELECT reflect('a', 'b')                   | 1 | 8 | 17 | must not use the function reflect, which runs code of the server
            SELECT 1, uper('a')                        | 1 | 11 | 9 | uses the function uper, which does not exist; did you mean upper?
            DROP TABLE t                               | 1 | 1 | 12 | must only read data: DROP changes the catalog; a query starts with SELECT, WITH, FROM, VALUES or TABLE
            WITH q AS (SELECT 1) INSERT INTO t SELECT 1 | 1 | 22 | 13 | must only read data: INSERT changes data; a query starts with SELECT, WITH, FROM, VALUES or TABLE
            SELECT ?                                   | 1 | 8 | 1 | must name its parameters, such as :year instead of ?
            SELECT 'a                                  | 1 | 8 | 1 | has a syntax error at '''; is a quote not closed?
            SELECT                                     | 1 | 7 | 0 | has a syntax error at its end
            SELECT current_user                        | 1 | 8 | 12 | must not use current_user, which tells who runs the server, not who sent the query
            SELECT id FROM range(3) WHERE session_user = 'x' | 1 | 31 | 12 | must not use session_user, which tells who runs the server, not who sent the query
            SELECT sum(id) OVER (ORDER BY id ROWS id PRECEDING) FROM range(3) | 1 | 39 | 12 | has an error: Frame bound value must be a literal
            SELECT date_format(now(), repeat('y', 2000000000)) | 1 | 8 | 43 | must not compute a constant argument of date_format with lambdas, patterns or functions such as sequence and repeat; use a SELECT for it
            SELECT 'a' LIKE repeat('%', 2000000000)    | 1 | 12 | 28 | must not compute a pattern with lambdas, patterns or functions such as sequence and repeat; use a SELECT for it
            """)
    void aProblemHasAPosition(String text, int line, int column, int length, String message) {
        FieldProblem problem = problem(text);
        assertEquals("params.query", problem.field());
        assertEquals(message, problem.message());
        assertEquals(new TextPosition(line, column, length), problem.position());
    }

    @Test
    void positionsCountCodePointsAndLines() {
        FieldProblem problem = problem("SELECT '" + ASTRAL + "',\n  '" + ASTRAL + "', reflect('a', 'b')");
        assertEquals(new TextPosition(2, 8, 17), problem.position());
        FieldProblem afterLines = problem("SELECT\r1,\r\n\n2, reflect('a', 'b')");
        assertEquals(new TextPosition(4, 4, 17), afterLines.position());
    }

    @Test
    void positionsAreThoseOfTheTextThatWasSent() {
        Map<String, Object> args = args("long", "x".repeat(500), "n", 1L);
        String text = "SELECT '" + ASTRAL + "', :long, :n,\n :long, reflect(:n, :long), :n";
        FieldProblem refused = problem(text, args);
        assertEquals(new TextPosition(2, 9, 18), refused.position());
        FieldProblem syntax = problem("SELECT :long, :n FORM t WHERE", args);
        assertEquals(new TextPosition(1, 23, 1), syntax.position());
        FieldProblem within = problem("SELECT 1 FROM range(1) LIMIT repeat(:long, :n)", args);
        assertTrue(within.message().contains("LIMIT"), within.message());
    }

    @Test
    void argumentsAreLiterals() {
        Map<String, Object> args = args(
                "text",
                "it's \\ a \"test\" `x` \n -- /* :n */ ' OR 1=1",
                "n",
                -1L,
                "min",
                Long.MIN_VALUE,
                "big",
                new BigDecimal(new BigInteger("9".repeat(38))),
                "price",
                new BigDecimal("-12.50"),
                "huge",
                new BigDecimal("1e300"),
                "tiny",
                new BigDecimal("1e-40"),
                "yes",
                true,
                "none",
                null);
        assertEquals(
                Arrays.asList(
                        args.get("text"),
                        "-1",
                        "-9223372036854775808",
                        "9".repeat(38),
                        "-12.50",
                        "1.0E300",
                        "1.0E-40",
                        "true",
                        null),
                values("SELECT :text, :n, :min, :big, :price, :huge, :tiny, :yes, :none", args));
        assertEquals(List.of("2"), values("SELECT 1-:n", args), "a minus and a negative number are no comment");
        assertEquals(List.of(":n"), values("SELECT ':n'", args));
    }

    @Test
    void aNumberThatNoTypeHoldsIsRefusedAtItsArgument() {
        assertEquals(
                new FieldProblem(
                        "params.args.x", "must not be a number beyond the range of a double; send it as a text"),
                problem("SELECT :x", args("x", new BigDecimal("1e400"))));
    }

    @Test
    void aLongNameIsRefusedAndComparedWithNone() {
        FieldProblem refused = problem("SELECT 1, `" + "a".repeat(999) + "`");
        assertTrue(
                refused.message().startsWith("must not have a name of more than 1000 characters"), refused.message());
        assertEquals(new TextPosition(1, 11, 1001), refused.position());
        assertEquals(List.of(), Suggestions.similar("a".repeat(201), List.of("a".repeat(202))));
    }

    @Test
    void argumentsStandWhereTheyAreNeeded() {
        Map<String, Object> args = args("n", 2L, "s", "x");
        SqlParser.parse(
                "WITH a AS (SELECT :n AS n) SELECT (SELECT max(n) FROM a WHERE n < :n), transform(array(:n), x -> x + :n)"
                        + " FROM a WHERE n IN (:n, :n) GROUP BY n HAVING n > :n ORDER BY n + :n LIMIT :n OFFSET :n",
                args);
        SqlParser.parse("SELECT interval :s day, parse_json('{}'):n, x:n::int FROM range(:n)", args("n", 3L, "s", "1"));
    }

    @Test
    void aParameterWithoutAValueIsRefusedWithAllOfThem() {
        JobException refused =
                assertThrows(JobException.class, () -> SqlParser.parse("SELECT :a, :b, :c", args("b", 1L)));
        assertEquals(
                List.of(
                        new FieldProblem(
                                "params.query",
                                "has the parameter :a, which has no value; args has b",
                                new TextPosition(1, 8, 2)),
                        new FieldProblem(
                                "params.query",
                                "has the parameter :c, which has no value; args has b",
                                new TextPosition(1, 16, 2))),
                refused.problems());
    }

    @Test
    void theArgumentsCountToTheLimit() {
        Map<String, Object> args = args("x", "y".repeat(30_000));
        SqlParser.parse("SELECT :x, :x", args);
        assertEquals(
                "with its arguments must not be longer than 65536 characters",
                problem("SELECT :x, :x, :x", args).message());
        assertEquals(
                "must not be longer than 65536 characters",
                problem("SELECT '" + "y".repeat(65_536) + "'").message());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "-- nothing", "/* nothing */", ";", "\uD83D", "/* unclosed", "SELECT 1 /* unclosed"})
    void whatIsNoStatementIsRefused(String text) {
        problem(text);
    }

    @Test
    void aSemicolonMayEndTheQuery() {
        SqlParser.parse("SELECT 1;", Map.of());
        SqlParser.parse("SELECT ';';; -- end", Map.of());
        assertTrue(problem("SELECT 1; SELECT 2").message().startsWith("has a syntax error"));
    }

    @Test
    void tablesAreFoundWhereverTheyAre() {
        assertEquals(
                List.of("a/1", "a/2", "a/3", "a/4", "a/5", "b.c"),
                SqlParser.parse(
                                "WITH x AS (SELECT * FROM `a/1`), y AS (SELECT * FROM x WHERE n IN (SELECT n FROM `a/2`))"
                                        + " SELECT (SELECT max(n) FROM `a/3`) FROM y, Y AS z, LATERAL (SELECT * FROM `a/4`)"
                                        + " WHERE EXISTS (SELECT 1 FROM read_csv('a/5')) UNION TABLE b.c",
                                Map.of())
                        .tables()
                        .stream()
                        .map(table -> String.join(".", table.parts()))
                        .sorted()
                        .toList());
    }

    @Test
    void aNameOfWithHidesATableOnlyWhereItIsKnown() {
        ParsedSql parsed = SqlParser.parse(
                "WITH samples AS (SELECT * FROM samples) SELECT * FROM samples, (WITH t AS (SELECT 1) SELECT * FROM t, samples)",
                Map.of());
        assertEquals(
                List.of(new SqlTableName(List.of("samples"), null, Map.of(), new TextPosition(1, 32, 7))),
                parsed.tables());
        assertEquals(
                2,
                SqlParser.parse("SELECT * FROM (WITH t AS (SELECT 1) SELECT * FROM t), t, u", Map.of())
                        .tables()
                        .size());
    }

    @Test
    void optionsOfReadersAreRead() {
        ParsedSql parsed = SqlParser.parse(
                "SELECT * FROM read_csv('a/1.csv', header => true, Delimiter => ';'), `a/2` WITH (`multiLine` = 'true')",
                Map.of());
        assertEquals("read_csv", parsed.tables().get(0).reader());
        assertEquals(
                Map.of("header", "true", "delimiter", ";"),
                parsed.tables().get(0).options());
        assertEquals(new TextPosition(1, 24, 9), parsed.tables().get(0).position());
        assertEquals(Map.of("multiline", "true"), parsed.tables().get(1).options());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "read_csv()",
                "read_csv(1)",
                "read_csv(concat('a', 'b'))",
                "read_csv('a', true)",
                "read_csv('a', header => (SELECT true))",
                "read_csv('a', header => true, HEADER => false)",
                "read_csv('a', header => NULL)"
            })
    void aReaderTakesAPathAndPlainOptions(String reader) {
        assertTrue(problem("SELECT * FROM " + reader).message().startsWith("must give read_csv"));
    }

    @Test
    void anUnusedArgumentIsNoProblem() {
        SqlParser.parse("SELECT 1", args("unused", 1L));
    }

    @Test
    void aParameterInATypedLiteralIsExplained() {
        FieldProblem problem = problem("SELECT 1 WHERE date '2020-01-01' < date :day", args("day", "2020-01-02"));
        assertEquals(
                "names a parameter after DATE, where Spark takes it for a field of a column; write CAST(:day AS DATE)",
                problem.message());
        assertEquals(new TextPosition(1, 36, 9), problem.position());
        SqlParser.parse("SELECT date:day FROM VALUES (parse_json('{}')) t(date)", Map.of());
    }
}
