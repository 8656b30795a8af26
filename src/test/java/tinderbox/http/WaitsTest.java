package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

class WaitsTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Waits waits = new Waits(2, 100);

    private Answer.Later await(CompletableFuture<?> event) {
        return (Answer.Later) waits.until(event, LONG, "us", () -> Answer.empty(204));
    }

    @Test
    void aWaitEndsWithItsEvent() {
        CompletableFuture<String> event = new CompletableFuture<>();
        Answer.Later answer = await(event);
        assertFalse(answer.until().isDone());

        event.complete("over");

        assertTrue(answer.until().isDone());
    }

    @Test
    void oneWaitTooManyIsRefusedUntilAnotherEnds() {
        CompletableFuture<String> first = new CompletableFuture<>();
        await(first);
        await(new CompletableFuture<>());
        CompletableFuture<String> third = new CompletableFuture<>();

        JobException refused = assertThrows(JobException.class, () -> await(third));

        assertEquals(ErrorCode.TOO_MANY_WAITERS, refused.code());
        assertTrue(third.isCancelled());
        first.complete("over");
        await(new CompletableFuture<>());
    }

    @Test
    void closingEndsAllWaitsAndThoseThatComeLater() {
        Answer.Later before = await(new CompletableFuture<>());

        waits.close();

        assertTrue(before.until().isDone());
        assertTrue(await(new CompletableFuture<>()).until().isDone());
    }

    @Test
    void aWaitEndsAfterItsTime() {
        Answer answer = waits.until(new CompletableFuture<>(), Duration.ofMillis(1), "us", () -> Answer.empty(204));

        assertThrows(Exception.class, ((Answer.Later) answer).until()::join);
    }
}
