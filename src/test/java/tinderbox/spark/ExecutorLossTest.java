package tinderbox.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutorLossTest {
    private static final String ABORTED =
            "Job aborted due to stage failure: Task 0 in stage 0.0 failed 4 times, most recent"
                    + " failure: Lost task 0.3 in stage 0.0 (TID 3) (127.0.0.1 executor 3): ";

    @ParameterizedTest
    @CsvSource({
        "Command exited with code 52, it ran out of memory",
        "Command exited with code 137, it was killed (exit code 137)",
        "Command exited with code 1, it exited with code 1",
        "Executor heartbeat timed out after 30123 ms, it does not answer",
        "'Remote RPC client disassociated. Likely due to containers', 'it has ended, or cannot be reached'",
        "worker lost: Not receiving heartbeat for 60 seconds, its worker is gone",
        "something new, something new"
    })
    void reasonsArePlain(String reason, String plain) {
        assertEquals(plain, ExecutorLoss.why(reason));
    }

    private static SparkException aborted(String why) {
        return new SparkException(ABORTED + why);
    }

    @Test
    void tasksThatLostTheirExecutorsAreNotTheJobsFault() {
        Throwable killed = aborted("ExecutorLostFailure (executor 3 exited caused by one of the running tasks) Reason:"
                + " Command exited with code 137\nDriver stacktrace:");

        assertEquals(
                Optional.of(
                        "a task lost its executor again and again, the last time executor 3: it was killed (exit code"
                                + " 137)"),
                ExecutorLoss.of(new IllegalStateException(killed)));
        assertFalse(ExecutorLoss.isOutOfMemory(killed));
    }

    @Test
    void outputThatIsLostAgainAndAgainIsNotTheJobsFault() {
        Throwable failed =
                new SparkException("Job aborted due to stage failure: ShuffleMapStage 1 (counting) has failed the"
                        + " maximum allowable number of times: 4. Most recent failure reason:\nFetchFailedException");

        assertTrue(ExecutorLoss.of(failed).isPresent());
    }

    @Test
    void anExceptionOfATaskIs() {
        assertEquals(Optional.empty(), ExecutorLoss.of(aborted("java.lang.IllegalStateException: came off")));
        assertEquals(
                Optional.empty(), ExecutorLoss.of(new IllegalStateException("ExecutorLostFailure (executor 3 x)")));
    }

    @Test
    void memoryThatRunsOutIsKnownByExitCodeAndByError() {
        assertTrue(ExecutorLoss.isOutOfMemory(aborted("java.lang.OutOfMemoryError: Java heap space")));
        assertTrue(
                ExecutorLoss.isOutOfMemory(aborted("ExecutorLostFailure (executor 3 exited caused by one of the running"
                        + " tasks) Reason: Command exited with code 52")));
    }
}
