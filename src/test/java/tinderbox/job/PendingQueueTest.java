package tinderbox.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PendingQueueTest {
    private final PendingQueue queue = new PendingQueue(1_000_000, 1_000_000);
    private final TreeMap<Long, Job> waiting = new TreeMap<>();

    private static Job job(long seq) {
        return Job.accepted(
                new JobRequest(JobId.random(), seq, "idle", "name", Map.of(), "me", Instant.EPOCH, null, null));
    }

    @Test
    void aPlaceIsTheNumberOfJobsThatComeBeforeAndOne() {
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
}
