package tinderbox.jobtype;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.dataset.InputLimits;
import tinderbox.job.CheckedSubmission;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.TextPosition;
import tinderbox.job.Visibility;
import tinderbox.support.LineLengthsJob;
import tinderbox.support.NoOpJob;
import tinderbox.support.ScriptJob;
import tinderbox.support.TestDatasets;

/** What the job types make of a submission. */
class JobTypesTest {
    private static final String MISSING = "does not exist or cannot be read; GET /api/v1/datasets lists what there is";

    @TempDir
    private Path root;

    private JobTypes types;

    @BeforeEach
    void makeDatasets() throws Exception {
        Files.write(root.resolve("a"), new byte[10]);
        Files.write(root.resolve("b"), new byte[100]);
        types = new JobTypes(
                TestDatasets.of(Map.of("lab", root), new InputLimits(1000, 10)),
                List.of(new ScriptJob(), new LineLengthsJob(), new NoOpJob()));
    }

    private CheckedSubmission script(String script, String... more) {
        return types.check("script", Map.of("script", script, "more", List.of(more)), Visibility.ALL);
    }

    private List<FieldProblem> problems(String script, String... more) {
        return assertThrows(JobException.class, () -> script(script, more)).problems();
    }

    @Test
    void anUnknownTypeNamesTheOthers() {
        assertEquals(
                List.of(new FieldProblem("type", "must be one of script, line-lengths, no-op")), unknown("nothing"));
        assertEquals(
                List.of(new FieldProblem(
                        "type",
                        "must be one of script, line-lengths, no-op; the operator has switched SQL off (--sql)")),
                unknown("sql"));
    }

    private List<FieldProblem> unknown(String type) {
        return assertThrows(JobException.class, () -> types.check(type, Map.of(), Visibility.ALL))
                .problems();
    }

    @Test
    void byDefaultTheDatasetParametersAreTheInputs() {
        CheckedSubmission checked = types.check("line-lengths", Map.of("input", "lab/"), Visibility.ALL);
        assertEquals(List.of("lab"), checked.inputs());
        assertEquals("line-lengths lab/", checked.label());
        assertEquals("lab/", checked.searchText());
        assertEquals(
                new CheckedSubmission(Map.of(), List.of(), "no-op", ""),
                types.check("no-op", Map.of(), Visibility.ALL),
                "no datasets");
    }

    @Test
    void aTypeNamesItsInputsAndItsJobs() {
        CheckedSubmission checked = script("size lab/a\r\nsize lab\r\nsize lab/a/", "lab/b", "lab");
        assertEquals(List.of("lab/a", "lab", "lab/b"), checked.inputs(), "each once");
        assertEquals("Script size lab/a  size lab  size lab/a/", checked.label(), "one line");
        assertEquals("size lab/a\r\nsize lab\r\nsize lab/a/", checked.searchText());
        assertEquals("size lab/a\r\nsize lab\r\nsize lab/a/", checked.params().get("script"), "as it was sent");
    }

    @Test
    void labelAndSearchTextAreBounded() {
        String grin = "\uD83D\uDE00";
        CheckedSubmission checked = script("fail " + grin.repeat(600) + "\nfail end");
        assertEquals("Script fail " + grin.repeat(188), checked.label());
        assertEquals("fail " + grin.repeat(495), checked.searchText());
    }

    @Test
    void anInputThatIsMissingIsReportedWhereItIsNamed() {
        assertEquals(
                List.of(new FieldProblem("params.more[1]", MISSING), new FieldProblem("params.more[3]", MISSING)),
                problems("fail", "lab/a", "lab/c", "lab/b", "lab/d"));
        assertEquals(
                List.of(
                        new FieldProblem("params.script", MISSING, new TextPosition(2, 6, 5)),
                        new FieldProblem("params.script", MISSING, new TextPosition(3, 6, 5))),
                problems("size lab/a\nsize lab/c\r\nsize lab/c"));
    }

    @Test
    void allInputsTogetherAreNotTooLarge() throws Exception {
        Files.write(root.resolve("huge"), new byte[1001]);
        Files.write(root.resolve("large"), new byte[900]);
        assertEquals(
                List.of(new FieldProblem("params.more[0]", "has 1001 bytes, and a job may read 1000")),
                problems("fail", "lab/huge"));
        assertEquals(
                List.of("lab/large", "lab/a"),
                script("fail", "lab/large", "lab/a").inputs());
        assertEquals(List.of("lab/large"), script("size lab/large", "lab/large").inputs(), "read once");
        assertEquals(
                List.of(new FieldProblem("params.more", "together has 1010 bytes, and a job may read 1000")),
                problems("fail", "lab/large", "lab/a", "lab/b"));
        assertEquals(
                List.of(new FieldProblem("params", "together has 1010 bytes, and a job may read 1000")),
                problems("size lab/large\nsize lab/a", "lab/b"));
    }

    @Test
    void aJobReadsAtMostAHundredDatasets() {
        String script = String.join(
                "\n", IntStream.range(0, 101).mapToObj(i -> "size lab/" + i).toList());
        assertEquals(List.of(new FieldProblem("params", "must not name more than 100 datasets")), problems(script));
    }

    @Test
    void allTextsTogetherAreNotTooLong() {
        String grins = "\uD83D\uDE00".repeat(50_000);
        assertEquals(
                List.of(new FieldProblem("params", "must not have more than 100000 characters in all")),
                problems("fail " + grins));
        assertEquals(
                100_000,
                script("fail " + grins.substring(0, 99_994) + "a")
                        .params()
                        .get("script")
                        .toString()
                        .length());
    }

    @Test
    void problemsOfAllKindsAreReportedTogether() {
        JobException refused = assertThrows(
                JobException.class,
                () -> types.check(
                        "script", Map.of("script", "\0", "more", List.of("lab/c", 1L), "mroe", ""), Visibility.ALL));
        assertEquals(
                List.of("params.script", "params.more[0]", "params.more[1]", "params.mroe"),
                refused.problems().stream().map(FieldProblem::field).toList());
    }

    @Test
    void anAttemptWaitsWhileItsParametersCannotBeParsed() throws Exception {
        var busy = new JobTypes(TestDatasets.of(Map.of(), new InputLimits(1, 1)), List.of(new BusyOnce()));
        assertEquals(Map.of("ran", true), busy.run("busy-once", Map.of(), busy.context(null, null, "tester")));
        JobContext cancelled = busy.context(null, null, "tester");
        cancelled.cancel();
        JobTypes busyAgain = new JobTypes(TestDatasets.of(Map.of(), new InputLimits(1, 1)), List.of(new BusyOnce()));
        assertThrows(CancellationException.class, () -> busyAgain.run("busy-once", Map.of(), cancelled));
    }

    private static final class BusyOnce implements JobType<String> {
        private boolean wasBusy;

        @Override
        public String name() {
            return "busy-once";
        }

        @Override
        public String title() {
            return "Busy once";
        }

        @Override
        public String description() {
            return "Cannot be parsed at first.";
        }

        @Override
        public List<ParamSpec<?>> params() {
            return List.of();
        }

        @Override
        public String parse(Params params) {
            if (!wasBusy) {
                wasBusy = true;
                throw new JobException(ErrorCode.SERVER_BUSY, "The server is busy", "");
            }
            return "";
        }

        @Override
        public Map<String, Object> run(String request, JobContext context) {
            return Map.of("ran", true);
        }
    }
}
