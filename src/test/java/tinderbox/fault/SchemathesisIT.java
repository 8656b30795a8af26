package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Some of the cases of schemathesis, 24 s; {@code ./run.sh soak --api} runs it for an hour. Its name keeps it from being
 * among the last classes, when the other JVM waits.
 */
class SchemathesisIT {
    private static final int SECONDS_EACH = 6;

    @TempDir
    Path base;

    @Test
    void noResponseDiffersFromTheDescription() throws Exception {
        try {
            assertEquals(Map.of(), ApiFuzz.install().run(base, SECONDS_EACH));
        } catch (PythonTools.MissingException e) {
            System.err.println("SchemathesisIT is left out: schemathesis is not there. " + e.getMessage());
            abort("schemathesis is not there: " + e.getMessage());
        }
    }
}
