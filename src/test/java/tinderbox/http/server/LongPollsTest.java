package tinderbox.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import tinderbox.http.message.Response;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

class LongPollsTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final LongPolls longPolls = new LongPolls(2, 100);

    private Response.Deferred await(CompletableFuture<?> event) {
        return (Response.Deferred) longPolls.waitFor(event, LONG, "us", () -> Response.empty(204));
    }

    @Test
    void aWaitEndsWithItsEvent() {
        CompletableFuture<String> event = new CompletableFuture<>();
        Response.Deferred response = await(event);
        assertFalse(response.until().isDone());

        event.complete("over");

        assertTrue(response.until().isDone());
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
    void closingEndsAllWaitsAndLaterOnes() {
        Response.Deferred before = await(new CompletableFuture<>());

        longPolls.close();

        assertTrue(before.until().isDone());
        assertTrue(await(new CompletableFuture<>()).until().isDone());
    }

    @Test
    void aWaitEndsAfterItsTime() {
        Response response =
                longPolls.waitFor(new CompletableFuture<>(), Duration.ofMillis(1), "us", () -> Response.empty(204));

        assertThrows(Exception.class, ((Response.Deferred) response).until()::join);
    }
}
