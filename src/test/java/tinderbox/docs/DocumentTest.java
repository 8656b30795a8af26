package tinderbox.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What docs-check reads in documents, and what it accepts as their output. */
class DocumentTest {
    private static Document parse(String text) {
        return Document.parse(Path.of("a.md"), text.lines().toList());
    }

    @Test
    void everyCommandOfTheDocumentsHasAMark() throws Exception {
        List<String> problems = new ArrayList<>();
        for (Path path : Document.all()) {
            problems.addAll(Document.read(path).problems());
        }
        assertEquals(List.of(), problems);
    }

    @Test
    void aCommandWithoutAMarkAndAnUnknownLanguageAreProblems() {
        List<String> problems = parse("""
                ```bash
                rm -rf everything
                ```
                ```
                of no language
                ```
                <!-- docs-check: output -->
                ```console
                $ date
                ```
                ```csv
                a,b
                ```
                """).problems();
        assertEquals(3, problems.size(), problems::toString);
        assertTrue(problems.get(0).startsWith("a.md:1: write <!-- docs-check: 60 s -->"), problems::toString);
        assertTrue(problems.get(1).startsWith("a.md:4: docs-check knows no language \"\""), problems::toString);
        assertTrue(problems.get(2).startsWith("a.md:8: write"), problems::toString);
    }

    @Test
    void aMarkOfUnknownWordsIsRefused() {
        String text = "<!-- docs-check: soon -->\n```bash\ntrue\n```\n";
        String message =
                assertThrows(IllegalArgumentException.class, () -> parse(text)).getMessage();
        assertTrue(message.startsWith("a.md:1: docs-check knows") && message.endsWith("but not \"soon\""), message);
    }

    @Test
    void aConsoleHasCommandsOfSeveralLinesWithTheirOutput() throws Exception {
        Block block = parse("""
                1. In a list

                   <!-- docs-check: 5 s, differs 1 2 -->
                   ```console
                   $ echo 'a
                     b' |
                     cat \\
                     -
                   a
                     b
                   $ true
                   ```
                """).blocks().get(0);
        assertEquals(List.of("1", "2"), block.mark().differing());
        assertEquals(
                List.of(
                        new Command("echo 'a\n  b' |\n  cat \\\n  -", List.of("a", "  b")),
                        new Command("true", List.of())),
                Command.of(block));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "the same; the same; true",
                "the same; the other; false",
                "ran 112 ms; ran 7 ms; true",
                "ran 1123 ms; ran 7 ms; false",
                "id 3c0ce245-b296-44a5-9c41-ce154133289d; id 1d927928-abf3-46e1-a6cc-cd15e5cf1731; true",
                "id 3c0ce245-b296-44a5-9c41-ce154133289d; id 4711; false",
                "at 2026-11-29T21:27:03.808Z; at 2027-01-01T00:00:00Z; true",
                "first … last; first second last; true",
                "first … last; first, second; false",
            })
    void onlyWhatChangesMayDiffer(String expected, String printed, boolean matches) {
        assertEquals(matches, new ExpectedOutput(List.of(expected), List.of("112")).matches(printed + "\n"));
    }

    @Test
    void anEllipsisAloneStandsForAnyLines() {
        ExpectedOutput expected = new ExpectedOutput(List.of("a", "…", "z"), List.of());
        assertTrue(expected.matches("a\nb\nc\nz\n"));
        assertTrue(expected.matches("a\nz\n"));
        assertFalse(expected.matches("a\nb\n"));
    }
}
