package tinderbox.job.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;

class PendingQueueTest {
    private final PendingQueue queue = new PendingQueue(1_000_000, 1_000_000);
    private final TreeMap<Long, Job> waiting = new TreeMap<>();

    private static Job job(long seq) {
        return Job.accepted(new JobRequest(
                JobId.random(), seq, "no-op", "name", true, Map.of(), List.of(), "", "me", Instant.EPOCH, null, null));
    }

    @Test
    void aPositionIsTheNumberOfEarlierJobsPlusOne() {
        Random random = new Random(1);
        for (int step = 0; step < 5_000; step++) {
            Job job = job(random.nextInt(3_000));
            if (waiting.putIfAbsent(job.request().seq(), job) == null) {
                queue.add(job.request().seq(), job.id());
            }
            if (random.nextInt(3) == 0) {
                Long seq = waiting.floorKey((long) random.nextInt(3_000));
                if (seq != null) {
                    waiting.remove(seq);
                    queue.remove(seq);
                }
            }
            if (random.nextInt(5) == 0 && !waiting.isEmpty()) {
                assertEquals(waiting.pollFirstEntry().getValue().id(), queue.poll());
            }
        }
        List<Job> all = new ArrayList<>(waiting.values());
        for (int i = 0; i < all.size(); i++) {
            assertEquals(i + 1, queue.position(all.get(i)));
        }
    }

    @Test
    void aDelayedJobJoinsTheQueueWhenItsTimeHasComeUnlessItWasRemoved() {
        Job due = job(1);
        Job removed = job(2);
        Job later = job(3);
        queue.addLater(1, due.id(), Duration.ZERO);
        queue.addLater(2, removed.id(), Duration.ZERO);
        queue.addLater(3, later.id(), Duration.ofHours(1));
        assertNull(queue.poll());
        queue.remove(2);
        queue.addDue();
        assertEquals(due.id(), queue.poll());
        assertNull(queue.poll());
    }

    @Test
    void slotsComeAndGo() {
        PendingQueue two = new PendingQueue(10, 2);
        JobId first = added(two, 1);
        JobId second = added(two, 2);
        JobId third = added(two, 3);
        JobId fourth = added(two, 4);
        assertEquals(first, two.poll());
        assertEquals(second, two.poll());
        assertNull(two.poll());
        two.setSlots(3);
        assertEquals(third, two.poll());
        two.setSlots(1);
        two.freeSlot(first);
        two.freeSlot(second);
        assertNull(two.poll(), "one still runs");
        two.freeSlot(third);
        assertEquals(fourth, two.poll());
    }

    @Test
    void othersOvertakeAJobThatMustRunAloneOnlyWhileAnOlderOneRuns() {
        PendingQueue three = new PendingQueue(10, 3);
        JobId slow = added(three, 1);
        JobId suspect = added(three, 2);
        assertEquals(slow, three.poll());
        assertEquals(suspect, three.poll());
        three.addAlone(2, suspect);
        three.freeSlot(suspect);
        JobId first = added(three, 3);
        JobId second = added(three, 4);
        JobId third = added(three, 5);
        assertEquals(first, three.poll());
        assertEquals(second, three.poll());
        three.freeSlot(first);
        three.freeSlot(slow);
        assertNull(three.poll(), "the suspect waits for the second, and no job overtakes it any more");
        three.freeSlot(second);
        assertEquals(suspect, three.poll());
        assertNull(three.poll(), "it runs alone");
        three.freeSlot(suspect);
        assertEquals(third, three.poll());
    }

    private static JobId added(PendingQueue queue, long seq) {
        JobId id = JobId.random();
        queue.add(seq, id);
        return id;
    }
}
