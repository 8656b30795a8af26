package tinderbox.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The message of a failure. */
class FailureTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Path does not exist: file:/srv/data/x.txt | Path does not exist: x.txt",
                "Path does not exist: tb:/lab/data/x.txt. | Path does not exist: tb:/lab/data/x.txt.",
                "write tb:///lab/a%20b.txt, not /srv/lab/a b.txt | write tb:///lab/a%20b.txt, not a b.txt"
            })
    void foldersOfTheMachineAreLeftOutAndAddressesOfDatasetsStay(String message, String shown) {
        assertEquals(shown, Failure.withoutFolders(message));
    }

    @Test
    void wordsHaveABound() {
        Failure failure = new Failure(ErrorCode.JOB_ERROR, "x".repeat(1_000_000), "y".repeat(Failure.MAX_WORDS));
        assertEquals("x".repeat(Failure.MAX_WORDS - 1) + "…", failure.message());
        assertEquals("y".repeat(Failure.MAX_WORDS), failure.hint());
    }
}
