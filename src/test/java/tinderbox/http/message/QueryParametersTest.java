package tinderbox.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.JobState;

class QueryParametersTest {
    private static QueryParameters query(String raw) {
        return new QueryParameters(raw, List.of("limit", "status", "q", "verbose", "format"));
    }

    @Test
    void parametersAreDecoded() {
        QueryParameters query = query("q=sperm+whale%2C+%C3%A9%2B&limit=%37&status=RUNNING&status=FAILED&&verbose");

        assertEquals("sperm whale, é+", query.text("q"));
        assertEquals(7, query.number("limit", 50, 1, 500));
        assertEquals(EnumSet.of(JobState.RUNNING, JobState.FAILED), query.choices("status", JobState.class));
        assertEquals(true, query.flag("verbose"));
        query.check();
    }

    @Test
    void anAbsentParameterHasItsDefault() {
        QueryParameters query = query("q=");

        assertNull(query.text("q"));
        assertEquals(50, query.number("limit", 50, 1, 500));
        assertEquals(EnumSet.noneOf(JobState.class), query.choices("status", JobState.class));
        assertEquals(false, query.flag("verbose"));
        assertNull(query.choice("format", List.of("json")));
        query.check();
    }

    @Test
    void allProblemsAreReportedTogether() {
        QueryParameters query = query("limit=0&status=RUNNING&status=LATE&q=a&q=b&verbose=maybe&format=xml&colour=red");
        query.number("limit", 50, 1, 500);
        query.choices("status", JobState.class);
        query.text("q");
        query.flag("verbose");
        query.choice("format", List.of("json", "csv"));

        JobException refused = assertThrows(JobException.class, query::check);

        assertEquals(ErrorCode.BAD_QUERY, refused.code());
        assertEquals(
                List.of(
                        new FieldProblem("limit", "must be a whole number from 1 to 500"),
                        new FieldProblem(
                                "status", "must be one of PENDING, RUNNING, CANCELLING, SUCCEEDED, FAILED, CANCELLED"),
                        new FieldProblem("q", "must be there only once"),
                        new FieldProblem("verbose", "must be 1 or 0"),
                        new FieldProblem("format", "must be one of json, csv"),
                        new FieldProblem(
                                "colour", "is unknown; this endpoint takes limit, status, q, verbose, format")),
                refused.problems());
    }

    @ParameterizedTest(name = "limit={0} is wrong")
    @ValueSource(strings = {"", "-1", "0", "501", "1.5", "1e2", "ten", "9223372036854775808", "0x10", "1 "})
    void aWrongNumberIsRefused(String value) {
        QueryParameters query = query("limit=" + value.replace(" ", "%20"));
        query.number("limit", 50, 1, 500);

        assertEquals(
                1, assertThrows(JobException.class, query::check).problems().size());
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"verbose, true", "verbose=, true", "verbose=1, true", "verbose=true, true", "verbose=0, false"})
    void aFlagIsSetByItsNameAlone(String raw, boolean expected) {
        QueryParameters query = query(raw);

        assertEquals(expected, query.flag("verbose"));
        query.check();
    }

    @Test
    void aParameterThatDoesNotApplyIsRefused() {
        QueryParameters query = query("format=csv&limit=3");
        query.choice("format", List.of("csv"));

        JobException refused = assertThrows(JobException.class, query::check);

        assertEquals(
                List.of("limit"),
                refused.problems().stream().map(FieldProblem::field).toList());
    }

    @ParameterizedTest(name = "{0} is malformed")
    @ValueSource(strings = {"q=%", "q=%4", "q=%GG", "q=%C0%AF", "q=%FF", "%ED%A0%80=1"})
    void aUrlThatIsNotUtf8IsMalformed(String raw) {
        assertEquals(
                ErrorCode.MALFORMED_REQUEST,
                assertThrows(JobException.class, () -> query(raw)).code());
    }
}
