package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.docs.DocsCheck;

/** The commands of the documents run as printed. Here and not in {@code docs}, so that this long class is not the last. */
class DocsCheckIT {
    @TempDir
    Path base;

    @Test
    void theDocumentsAreTrue() throws Exception {
        String missing = DocsCheck.missing();
        if (!missing.isEmpty()) {
            System.err.println("DocsCheckIT is left out: " + missing);
            abort(missing);
        }
        try (DocsCheck check = new DocsCheck(base, DocsCheck::print)) {
            assertEquals(List.of(), check.runAll());
        }
    }

    @Test
    void whatIsNotTrueIsReported() throws Exception {
        assumeTrue(DocsCheck.missing().isEmpty(), DocsCheck.missing());
        Path document = Files.writeString(base.resolve("wrong.md"), """
                <!-- docs-check: own server -->
                <!-- docs-check: 60 s -->
                ```console
                $ greeting=hello
                $ echo $greeting
                hello
                $ echo good $greeting
                bad hello
                ```
                <!-- docs-check: 60 s -->
                ```bash
                ls nowhere 2>/dev/null
                echo $greeting again
                ```
                <!-- docs-check: output -->
                ```text
                hello once
                ```
                <!-- docs-check: 60 s -->
                ```python
                import os
                print(sorted(os.listdir()))
                ```
                <!-- docs-check: output -->
                ```text
                ['tinderbox.jar', 'run.sh', '.tinderbox']
                ```
                <!-- docs-check: not run: it would delete everything -->
                ```bash
                touch deleted
                ```
                <!-- docs-check: 0 s -->
                ```bash
                cat /dev/zero >/dev/null
                ```
                <!-- docs-check: 60 s -->
                ```bash
                touch later
                ```
                """);
        List<String> report = new ArrayList<>();
        List<String> failures;
        try (DocsCheck check = new DocsCheck(base.resolve("homes"), report::add)) {
            failures = check.run(List.of(document));
        }
        assertEquals(
                List.of(
                        document + ":3: the document shows\nbad hello\nbut the commands print\ngood hello\n",
                        document
                                + ":11: the exit code is 2:\nls nowhere 2>/dev/null\necho $greeting again\nhello again\n",
                        document + ":16: the document shows\nhello once\nbut the commands print\nhello again\n",
                        document + ":25: the document shows\n['tinderbox.jar', 'run.sh', '.tinderbox']\n"
                                + "but the commands print\n['run.sh', 'tinderbox.jar']\n",
                        document
                                + ": a command took longer than its limit; the rest of the document was not run. It has"
                                + " printed:\n"),
                failures);
        assertTrue(report.contains("  " + document + ":29: it would delete everything"), report::toString);
    }
}
