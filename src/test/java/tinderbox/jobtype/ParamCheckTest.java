package tinderbox.jobtype;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.job.FieldProblem;
import tinderbox.job.TextPosition;

class ParamCheckTest {
    private static final String ASTRAL = "\uD83D\uDE00";
    private static final ParamSpec<String> QUERY = ParamSpec.text("query", 5);
    private static final ParamSpec<List<String>> INPUTS = ParamSpec.datasets("inputs", 3);

    private static List<FieldProblem> problems(ParamSpec<?> spec, Object value) {
        return new ParamCheck(spec, path -> path.equals("gone") ? "does not exist" : null).problemsWith(value);
    }

    private static List<FieldProblem> problem(String field, String message) {
        return List.of(new FieldProblem(field, message));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "12345", "a\n\tb", "a\r\nb", "a\rb", ASTRAL + ASTRAL + ASTRAL + ASTRAL + ASTRAL, "é\u2028"})
    void aTextTakesLinesAndEveryCharacterThatIsSeen(String text) {
        assertEquals(List.of(), problems(QUERY, text));
    }

    @Test
    void aTextIsMeasuredInCharacters() {
        List<FieldProblem> tooLong = problem("params.query", "must not be longer than 5 characters");
        assertEquals(tooLong, problems(QUERY, "123456"));
        assertEquals(tooLong, problems(QUERY, ASTRAL.repeat(6)));
        assertEquals(tooLong, problems(QUERY, "1\r\n456"));
        String longest = ASTRAL.repeat(4096);
        assertEquals(List.of(), problems(ParamSpec.string("s"), longest));
        assertEquals(
                problem("params.s", "must not be longer than 4096 characters"),
                problems(ParamSpec.string("s"), longest + "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\r\n"})
    void aRequiredTextIsNotBlank(String blank) {
        assertEquals(problem("params.query", "is required"), problems(QUERY, blank));
        assertEquals(List.of(), problems(QUERY.defaultsTo(""), blank));
    }

    @Test
    void aControlCharacterIsReportedWithItsPosition() {
        ParamSpec<String> text = ParamSpec.text("query", 100);
        assertEquals(
                List.of(new FieldProblem(
                        "params.query", "must not contain the control character U+0000", new TextPosition(2, 3, 1))),
                problems(text, "a\r\n" + ASTRAL + "b\0\0"));
        assertEquals(
                List.of(new FieldProblem(
                        "params.query", "must not contain the control character U+0085", new TextPosition(1, 1, 1))),
                problems(text, "\u0085"));
    }

    @Test
    void aTextIsAText() {
        assertEquals(problem("params.query", "must be a text"), problems(QUERY, 1L));
        assertEquals(problem("params.query", "must be a text"), problems(QUERY, List.of("a")));
    }

    @Test
    void aListHasAtMostSoManyDatasets() {
        assertEquals(List.of(), problems(INPUTS, List.of("a/1", "a/2", "a")));
        assertEquals(
                problem("params.inputs", "must not name more than 3 datasets"),
                problems(INPUTS, List.of("a", "b", "c", "d")));
        assertEquals(problem("params.inputs", "must name at least one dataset"), problems(INPUTS, List.of()));
        assertEquals(List.of(), problems(INPUTS.defaultsTo(List.of()), List.of()));
    }

    @Test
    void eachWrongDatasetOfAListIsReported() {
        String requirement = "must be the name of a dataset, such as samples/moby-dick.txt";
        assertEquals(
                List.of(
                        new FieldProblem("params.inputs[0]", requirement),
                        new FieldProblem("params.inputs[1]", requirement),
                        new FieldProblem("params.inputs[2]", "must not be longer than 4096 characters")),
                problems(INPUTS, Arrays.asList(null, 1L, "x".repeat(4097))));
    }

    @Test
    void aDatasetIsNamedOnce() {
        assertEquals(
                List.of(
                        new FieldProblem("params.inputs[1]", "is the same dataset as params.inputs[0]"),
                        new FieldProblem("params.inputs[2]", "is the same dataset as params.inputs[0]")),
                problems(INPUTS, List.of("a/b", "a/b/", "a/b")));
    }

    @Test
    void aMissingDatasetIsReportedTogetherWithOtherWrongOnes() {
        assertEquals(
                List.of(
                        new FieldProblem("params.inputs[1]", "is the same dataset as params.inputs[0]"),
                        new FieldProblem("params.inputs[2]", "does not exist")),
                problems(INPUTS, List.of("a", "a", "gone")));
        assertEquals(problem("params.input", "does not exist"), problems(ParamSpec.dataset("input"), "gone"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"samples/a.txt", ""})
    void aListIsAList(String text) {
        assertEquals(problem("params.inputs", "must be a list of names of datasets"), problems(INPUTS, text));
    }

    @Test
    void boundsThatNoRequestCanHoldAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> ParamSpec.text("t", 65_537));
        assertThrows(IllegalArgumentException.class, () -> ParamSpec.text("t", 0));
        assertThrows(IllegalArgumentException.class, () -> ParamSpec.datasets("t", 101));
        assertEquals(List.of(), problems(ParamSpec.datasets("t", 100).defaultsTo(Collections.emptyList()), List.of()));
    }

    @Test
    void argumentsArePlainValuesByName() {
        ParamSpec<Map<String, Object>> args = ParamSpec.arguments("args", 6);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("year", 2008L);
        values.put("Price_2", new BigDecimal("1.50"));
        values.put("_x", "it's\n");
        values.put("yes", true);
        values.put("none", null);
        assertEquals(List.of(), problems(args, values));
        assertEquals(problem("params.args", "must be an object with a value for each name"), problems(args, List.of()));
        assertEquals(
                problem("params.args.x", "must be a text, a number, true, false or null"),
                problems(args, Map.of("x", List.of(1L))));
        assertEquals(
                problem(
                        "params.args.2x",
                        "must have a name of at most 100 letters, digits and underscores that does not begin with a digit"),
                problems(args, Map.of("2x", 1L)));
        values.put("six", 6L);
        values.put("seven", 7L);
        assertEquals(problem("params.args", "must not have more than 6 values"), problems(args, values));
    }
}
