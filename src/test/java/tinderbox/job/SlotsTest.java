package tinderbox.job;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Slots slots = Slots.each(ErrorCode.SERVER_BUSY, "tests at the same time", 2, 1);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private CompletableFuture<Slots.Slot> waiting(String holder) {
        int before = slots.waiting();
        CompletableFuture<Slots.Slot> waiting = CompletableFuture.supplyAsync(() -> slots.take(holder, LONG), threads);
        await().until(() -> slots.waiting() == before + 1);
        return waiting;
    }

    @Test
    void aHolderGetsItsNextSlotOnceItsLastIsFree() throws Exception {
        Slots.Slot first = slots.take("Ada", LONG);
        CompletableFuture<Slots.Slot> next = waiting("Ada");
        slots.take("Bob", LONG).close();
        assertEquals(1, slots.used());

        first.close();
        next.get().close();
        assertEquals(0, slots.used());
    }

    @Test
    void whoWaitsInVainIsRefused() {
        slots.take("Ada", LONG);
        slots.take("Bob", LONG);

        String all = refusal("Eve", Duration.ofMillis(1));
        assertEquals("The server has no room for more tests at the same time: 2", all);
        String own = refusal("Ada", Duration.ZERO);
        assertEquals(all, own);
    }

    @Test
    void noMoreWaitThanThereAreSlots() throws Exception {
        List<Slots.Slot> taken = List.of(slots.take("Ada", LONG), slots.take("Bob", LONG));
        List<CompletableFuture<Slots.Slot>> two = List.of(waiting("Ada"), waiting("Bob"));

        assertEquals("The server has no room for more tests at the same time: 2", refusal("Eve", LONG));
        taken.forEach(Slots.Slot::close);
        for (CompletableFuture<Slots.Slot> each : two) {
            each.get().close();
        }
        assertEquals(0, slots.used());
    }

    private String refusal(String holder, Duration patience) {
        return assertThrows(JobException.class, () -> slots.take(holder, patience))
                .getMessage();
    }
}
