package tinderbox.jobtype.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
            SELECT 1 FORM t WHERE                      | 1 | 10 | 4 | has a syntax error near FORM; is it meant to be FROM?
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

    /** What other databases, tools and hands are used to. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            SELECT * FROM samples/air/airports.csv | 15 | 24 | has a syntax error at '/'; such a name of a table needs backquotes: `samples/air/airports.csv`
            SELECT * FROM 'samples/air/airports.csv' | 15 | 26 | has a syntax error at ''samples/air/airports.csv''; a table has backquotes around its path, not other quotes: FROM `samples/air/airports.csv`
            SELECT * FROM "samples/air/airports.csv" LIMIT 3 | 15 | 26 | has a syntax error at '"samples/air/airports.csv"'; a table has backquotes around its path, not other quotes: FROM `samples/air/airports.csv`
            SELECT * FROM samples.air.routes-2008 WHERE x = 1 | 15 | 23 | has a syntax error at '2008'; such a name of a table needs backquotes: samples.air.`routes-2008`
            SELECT * FROM samples.seattle-weather | 15 | 23 | has a syntax error at '-'; such a name of a table needs backquotes: samples.`seattle-weather`
            SELECT * FROM seattle-weather.csv | 15 | 19 | has a syntax error at '-'; such a name of a table needs backquotes: `seattle-weather.csv`
            SELECT a FROM samples\\air\\airports.csv | 15 | 24 | has a syntax error at '\\'; such a name of a table needs backquotes: `samples/air/airports.csv`
            SELECT * FROM C:/data/x.csv | 15 | 13 | has a syntax error at ':'; a table is a dataset of this server, not a file of a computer or an address; give its path in backquotes, such as FROM `samples/air/airports.csv`
            SELECT * FROM /data/x.csv | 15 | 11 | has a syntax error at '/'; a table is a dataset of this server, not a file of a computer; give its path in backquotes, such as FROM `samples/air/airports.csv`
            SELECT * FROM t.2008 | 15 | 6 | has a syntax error at '.2008'; such a name of a table needs backquotes: t.`2008`
            select 1; select 2 | 11 | 6 | has a syntax error at 'select'; a job is one query; send each as a job of its own
            SELECT * FORM t | 10 | 4 | has a syntax error near FORM; is it meant to be FROM?
            SELEC * FROM t | 1 | 5 | has a syntax error near SELEC; is it meant to be SELECT?
            SELECT a FROM t WEHRE a = 1 | 17 | 5 | has a syntax error near WEHRE; is it meant to be WHERE?
            SELECT a FROM t GRUOP BY a | 17 | 5 | has a syntax error near GRUOP; is it meant to be GROUP?
            SELECT a, count(*) FROM t GROUP BT a | 33 | 2 | has a syntax error near BT; is it meant to be BY?
            SELECT a FROM t LEFT JION b ON x | 22 | 4 | has a syntax error near JION; is it meant to be JOIN?
            SELECT a FROM t ORDER BY | 23 | 2 | has a syntax error at 'BY'; what to sort or group by is missing after it
            SELECT a FROM t GROUP BY | 23 | 2 | has a syntax error at 'BY'; what to sort or group by is missing after it
            SELECT a FROM t ORDER a | 17 | 7 | has a syntax error at 'a'; write ORDER BY
            SELECT a FROM t WHERE n = 'O'Hare' | 30 | 4 | has a syntax error at 'Hare'; a quote in a text is written twice, as in 'O''Hare'; is a quote missing before?
            SELECT a FROM t LIMIT 5, 10 | 23 | 5 | has a syntax error at ','; write LIMIT 10 OFFSET 5
            SELECT TOP 5 * FROM t | 12 | 1 | has a syntax error at '5'; instead of TOP, write LIMIT 5 at the end
            SELECT top(5) a FROM t | 8 | 6 | uses the function top, which does not exist; write LIMIT at the end of the query
            SELECT a FROM t FETCH FIRST 5 ROWS ONLY | 23 | 7 | has a syntax error at 'FIRST'; instead of FETCH, write LIMIT 5
            SELECT a FROM t OFFSET 5 ROWS FETCH NEXT 5 ROWS ONLY | 26 | 4 | has a syntax error at 'ROWS'; write LIMIT 5 OFFSET 10, without ROWS and FETCH
            SELECT DISTINCT ON (a) a, b FROM t | 17 | 6 | uses the function on, which does not exist; write QUALIFY row_number() OVER (PARTITION BY … ORDER BY …) = 1 instead of DISTINCT ON
            SELECT [name] FROM t | 8 | 6 | has a syntax error at '['; a name has backquotes around it, or none: `name`
            SELECT a FROM t WHERE a = “x” | 27 | 1 | has a syntax error at '“'; use the plain quotes of a keyboard: 'text', and `name`
            SELECT a->'x' FROM t | 8 | 6 | has -> where no function is called; read JSON with get_json_object(column, '$.name')
            SELECT a->>'x' FROM t | 11 | 1 | has a syntax error at '>'; read JSON with get_json_object(column, '$.name')
            SELECT a#>>'x' FROM t | 9 | 1 | has a syntax error at '#'; read JSON with get_json_object(column, '$.name')
            SELECT a FROM t WHERE a ~ 'x' | 25 | 1 | has a syntax error at '~'; compare with a regular expression by RLIKE: name RLIKE '^A'
            SELECT a FROM t # comment | 17 | 1 | has a syntax error at '#'; a comment begins with --, or is between /* and */
            SELECT a FROM t // comment | 17 | 1 | has a syntax error at '/'; a comment begins with --, or is between /* and */
            SELECT a FROM t WHERE a != 1 && b = 1 | 31 | 1 | has a syntax error at '&'; write AND
            SELECT a AS "x" FROM t | 13 | 3 | has a syntax error at '"x"'; a name has backquotes around it, or none: AS `name`
            SELECT a FROM t WHERE a NOT NULL | 25 | 3 | has a syntax error at 'NOT'; write IS NOT NULL
            SELECT a FROM t WHERE a BETWEEN 1, 2 | 34 | 1 | has a syntax error at ','; write BETWEEN 1 AND 2
            SELECT a FROM t WHERE a IN 1, 2 | 25 | 2 | has a syntax error at 'IN'; the values of IN stand in brackets: IN (1, 2)
            SELECT a FROM t WHERE a =< 1 | 26 | 1 | has a syntax error at '<'; write <= or >=
            SELECT a FROM t WHERE a => 1 | 25 | 2 | has a syntax error at '=>'; write >=
            SELECT a FROM t WHERE a = @x | 27 | 1 | has a syntax error at '@'; a parameter is written :name, and args has its value
            SELECT * EXCLUDE (a) FROM t | 18 | 1 | has a syntax error at '('; write * EXCEPT (a, b)
            SELECT a FROM t LIMIT 5 WHERE a = 1 | 25 | 5 | has a syntax error at 'WHERE'; the order is SELECT, FROM, WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, each once
            WITH a AS (SELECT 1) WITH b AS (SELECT 2) SELECT * FROM a | 22 | 4 | has a syntax error at 'WITH'; write WITH once, and commas between its steps
            WITH a AS SELECT 1 SELECT * FROM a | 11 | 6 | has a syntax error at 'SELECT'; the query of a step stands in brackets: WITH a AS (SELECT …)
            SELECT cast(a INT) FROM t | 15 | 3 | has a syntax error at 'INT'; write CAST(value AS TYPE)
            SELECT cast(a AS text) FROM t | 18 | 4 | uses the type TEXT, which does not exist; write STRING
            SELECT a::number(10,2) FROM t | 11 | 12 | uses the type NUMBER, which does not exist; write DECIMAL(18, 2), DOUBLE or BIGINT
            SELECT cast(a AS varchar) FROM t | 18 | 7 | uses the type VARCHAR, which does not exist; write STRING
            SELECT cast(a AS varchar(max)) FROM t | 26 | 3 | has a syntax error at 'max'; write STRING
            SELECT cast(a AS double precision) FROM t | 25 | 9 | has a syntax error at 'precision'; write DOUBLE
            SELECT cast(a AS timestamp with time zone) FROM t | 28 | 4 | has a syntax error at 'with'; write TIMESTAMP
            SELECT convert(int, a) FROM t | 8 | 15 | uses the function convert, which does not exist; write cast(value AS TYPE)
            """)
    void aHabitOfOtherDatabasesGetsAHint(String text, int column, int length, String message) {
        FieldProblem problem = problem(text);
        assertEquals(message, problem.message());
        assertEquals(new TextPosition(1, column, length), problem.position());
    }

    /** A row of the lists of other dialects must name what Spark lacks, and advise what it has. */
    @Test
    void whatOtherDialectsHaveIsNotHere() {
        OtherDialects.FUNCTIONS.forEach((name, instead) -> {
            assertFalse(SqlLists.FUNCTIONS.containsKey(name), name);
            Matcher first = Pattern.compile("^(\\w+)\\(").matcher(instead);
            assertTrue(
                    !first.find()
                            || SqlLists.FUNCTIONS.containsKey(first.group(1))
                            || List.of("cast", "try_cast", "timestampdiff").contains(first.group(1)),
                    instead);
        });
        OtherDialects.TYPES.forEach((name, instead) -> {
            assertTrue(problem("SELECT cast(a AS " + name + ")").message().contains("; write " + instead), name);
            SqlParser.parse("SELECT cast(a AS " + instead.replaceAll(", [A-Z].*|, or .*", "") + ")", Map.of());
        });
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
        assertEquals(new TextPosition(1, 18, 4), syntax.position());
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
