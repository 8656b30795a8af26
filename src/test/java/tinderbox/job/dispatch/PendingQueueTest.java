package tinderbox.job.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static tinderbox.support.LimitsBuilder.someLimits;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tinderbox.job.ErrorCode;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;

class PendingQueueTest {
    private static final String ME = "me";
    private static final List<String> SUBMITTERS = List.of("ada", "bob", "cyd", JobRequest.LOCAL);
    private static final int SLOTS = 4;
    private static final int SLOTS_EACH = 2;

    private final PendingQueue queue = new PendingQueue(
            someLimits().maxRunning(SLOTS).maxRunningPerToken(SLOTS_EACH).build());

    static JobRequest request(long seq, String submitter) {
        return new JobRequest(
                JobId.random(),
                seq,
                "no-op",
                "name",
                true,
                Map.of(),
                List.of(),
                "",
                submitter,
                Instant.EPOCH,
                null,
                null);
    }

    private static PendingQueue queue(int slots) {
        return new PendingQueue(someLimits().maxRunning(slots).build());
    }

    private static JobRequest added(PendingQueue queue, long seq, String submitter) {
        JobRequest request = request(seq, submitter);
        queue.add(request);
        return request;
    }

    private static JobRequest added(PendingQueue queue, long seq) {
        return added(queue, seq, ME);
    }

    /** What the queue promises, in the plainest way: each waiting job has a turn, and the least one is next. */
    private static final class Model {
        private final List<Waiting> waiting = new ArrayList<>();
        private final Map<String, Long> since = new HashMap<>();
        private final List<JobRequest> running = new ArrayList<>();
        private long turn;

        private static final class Waiting {
            private final JobRequest request;
            private final boolean again;
            private long turn;

            Waiting(JobRequest request, boolean again, long turn) {
                this.request = request;
                this.again = again;
                this.turn = turn;
            }
        }

        private List<Waiting> of(String submitter) {
            return waiting.stream()
                    .filter(each -> !each.again && each.request.submittedBy().equals(submitter))
                    .sorted(Comparator.comparing(each -> each.request.seq()))
                    .toList();
        }

        private List<Waiting> after(JobRequest request) {
            return of(request.submittedBy()).stream()
                    .filter(each -> each.request.seq() > request.seq())
                    .toList();
        }

        void add(JobRequest request) {
            List<Waiting> own = of(request.submittedBy());
            List<Waiting> after = after(request);
            if (own.isEmpty()) {
                since.put(request.submittedBy(), request.seq());
            }
            long last = own.isEmpty() ? turn : own.get(own.size() - 1).turn;
            long itsTurn = after.isEmpty() ? last + 1 : after.get(0).turn;
            after.forEach(each -> each.turn++);
            waiting.add(new Waiting(request, false, itsTurn));
        }

        void addAgain(JobRequest request) {
            waiting.add(new Waiting(request, true, 0));
        }

        void remove(Waiting removed) {
            if (!removed.again) {
                after(removed.request).forEach(each -> each.turn--);
            }
            waiting.remove(removed);
        }

        List<Waiting> order() {
            return waiting.stream()
                    .sorted(Comparator.<Waiting>comparingLong(each -> each.turn)
                            .thenComparing(each -> each.again ? 0 : since.get(each.request.submittedBy()))
                            .thenComparing(each -> each.request.seq()))
                    .toList();
        }

        private boolean mayStart(Waiting each) {
            String submitter = each.request.submittedBy();
            return submitter.equals(JobRequest.LOCAL)
                    || running.stream()
                                    .filter(job -> job.submittedBy().equals(submitter))
                                    .count()
                            < SLOTS_EACH;
        }

        JobId poll() {
            Waiting next = running.size() >= SLOTS
                    ? null
                    : order().stream().filter(this::mayStart).findFirst().orElse(null);
            if (next == null) {
                return null;
            }
            waiting.remove(next);
            running.add(next.request);
            if (!next.again) {
                turn = next.turn;
                // Who could not start meanwhile has no right to start many in a row later.
                for (String submitter : SUBMITTERS) {
                    List<Waiting> own = of(submitter);
                    long missed = own.isEmpty() ? 0 : Math.max(0, turn - own.get(0).turn);
                    own.forEach(each -> each.turn += missed);
                }
            }
            return next.request.id();
        }
    }

    @Test
    void anyOrderOfEventsIsThatOfTheModel() {
        Model model = new Model();
        Random random = new Random(1);
        long seq = 0;
        for (int step = 0; step < 5_000; step++) {
            int kind = random.nextInt(10);
            if (kind < 4 && model.waiting.size() < 600) {
                // Two that are accepted at the same moment may be added in either order.
                seq += 2;
                for (long each : random.nextBoolean() ? List.of(seq, seq + 1) : List.of(seq + 1, seq)) {
                    JobRequest job = request(each, SUBMITTERS.get(random.nextInt(SUBMITTERS.size())));
                    model.add(job);
                    queue.add(job);
                }
            } else if (kind < 5 && !model.waiting.isEmpty()) {
                Model.Waiting cancelled = model.waiting.get(random.nextInt(model.waiting.size()));
                model.remove(cancelled);
                queue.remove(cancelled.request);
            } else if (kind < 8) {
                assertEquals(model.poll(), queue.poll(), "step " + step);
            } else if (!model.running.isEmpty()) {
                JobRequest ended = model.running.remove(random.nextInt(model.running.size()));
                if (random.nextInt(4) == 0) {
                    model.addAgain(ended);
                    queue.addAgain(ended);
                }
                queue.freeSlot(ended.id());
            }
            if (step % 50 == 0) {
                List<Job> order = model.order().stream()
                        .map(each -> Job.accepted(each.request))
                        .toList();
                List<Integer> positions = queue.positions(order);
                for (int i = 0; i < order.size(); i++) {
                    assertEquals(i + 1, positions.get(i), "step " + step);
                }
                assertEquals(order.size(), queue.size());
            }
        }
    }

    @Test
    void manyJobsOfOneSubmitterDoNotHoldUpTheFewOfAnother() {
        PendingQueue one = queue(1);
        List<JobId> many = new ArrayList<>();
        for (int seq = 1; seq <= 100; seq++) {
            many.add(added(one, seq, "ada").id());
        }
        assertEquals(many.get(0), one.poll());
        JobRequest first = added(one, 101, "bob");
        JobRequest second = added(one, 102, "bob");
        assertEquals(List.of(2, 4), one.positions(List.of(Job.accepted(first), Job.accepted(second))));
        List<JobId> order = new ArrayList<>();
        JobId running = many.get(0);
        while (order.size() < 5) {
            one.freeSlot(running);
            running = one.poll();
            order.add(running);
        }
        assertEquals(List.of(many.get(1), first.id(), many.get(2), second.id(), many.get(3)), order);
    }

    @Test
    void cancelledJobsDoNotCountAgainstTheirSubmitter() {
        PendingQueue one = queue(1);
        List<JobRequest> mistakes = new ArrayList<>();
        for (int seq = 1; seq <= 50; seq++) {
            mistakes.add(added(one, seq, "ada"));
            added(one, 100 + seq, "bob");
        }
        JobRequest right = added(one, 200, "ada");
        mistakes.forEach(one::remove);
        assertEquals(1, one.position(Job.accepted(right)));
    }

    @Test
    void aSubmitterAtItsRunningLimitWaitsWhileOthersStart() {
        JobRequest first = added(queue, 1, "ada");
        JobRequest second = added(queue, 2, "ada");
        JobRequest third = added(queue, 3, "ada");
        List<JobRequest> local = List.of(added(queue, 4, JobRequest.LOCAL), added(queue, 5, JobRequest.LOCAL));
        assertEquals(first.id(), queue.poll());
        assertEquals(local.get(0).id(), queue.poll());
        assertEquals(second.id(), queue.poll());
        assertEquals(local.get(1).id(), queue.poll());
        queue.freeSlot(local.get(0).id());
        assertNull(queue.poll(), "two of them run");
        assertEquals(1, queue.position(Job.accepted(third)));
        queue.freeSlot(first.id());
        assertEquals(third.id(), queue.poll());
    }

    @Test
    void aSubmitterThatCouldNotStartDoesNotStartManyJobsInARowLater() {
        PendingQueue two = new PendingQueue(
                someLimits().maxRunning(2).maxRunningPerToken(1).build());
        List<JobId> ada = new ArrayList<>();
        for (int seq = 1; seq <= 10; seq++) {
            ada.add(added(two, seq, "ada").id());
        }
        assertEquals(ada.get(0), two.poll());
        for (int seq = 11; seq <= 60; seq++) {
            JobId bob = added(two, seq, "bob").id();
            assertEquals(bob, two.poll());
            two.freeSlot(bob);
        }
        JobId cyd = added(two, 61, "cyd").id();
        List<JobId> order = new ArrayList<>();
        JobId running = ada.get(0);
        while (order.size() < 3) {
            two.freeSlot(running);
            running = two.poll();
            order.add(running);
        }
        assertEquals(List.of(ada.get(1), ada.get(2), cyd), order);
    }

    @Test
    void aSubmitterBeyondItsShareOfTheQueueIsRefusedAndOthersAreNot() {
        PendingQueue small =
                new PendingQueue(someLimits().maxQueued(4).maxQueuedPerToken(2).build());
        small.reserve("ada");
        JobRequest first = request(1, "ada");
        small.fill(first);
        small.reserve("ada");
        JobException refused = assertThrows(JobException.class, () -> small.reserve("ada"));
        assertEquals(ErrorCode.TOO_MANY_REQUESTS, refused.code());
        assertFalse(refused.retryAfter().isZero());
        small.release("ada");
        small.reserve("ada");
        small.fill(request(2, "ada"));
        small.reserve(JobRequest.LOCAL);
        small.reserve(JobRequest.LOCAL);
        assertEquals(
                ErrorCode.QUEUE_FULL,
                assertThrows(JobException.class, () -> small.reserve("bob")).code());
        assertEquals(first.id(), small.poll());
        small.addAgain(first);
        assertThrows(JobException.class, () -> small.reserve("ada"), "a job that waits again counts");
        small.remove(first);
        small.reserve("ada");
    }

    /** With a limit of one for each submitter, jobs that must run alone, and jobs that are lost again and again. */
    @Test
    void everyJobStartsInTheEnd() {
        PendingQueue narrow = new PendingQueue(
                someLimits().maxRunning(3).maxRunningPerToken(1).build());
        Random random = new Random(2);
        Map<JobId, JobRequest> running = new HashMap<>();
        Map<JobId, JobRequest> all = new HashMap<>();
        for (long seq = 1; seq <= 300; seq++) {
            JobRequest job = added(narrow, seq, SUBMITTERS.get(random.nextInt(SUBMITTERS.size())));
            all.put(job.id(), job);
        }
        int losses = 300;
        while (!all.isEmpty()) {
            narrow.addDue();
            JobId next = narrow.poll();
            if (next != null) {
                running.put(next, all.get(next));
            } else {
                assertFalse(running.isEmpty(), "nothing runs and nothing starts");
                JobRequest ended = List.copyOf(running.values()).get(random.nextInt(running.size()));
                running.remove(ended.id());
                if (losses > 0 && random.nextInt(2) == 0) {
                    losses--;
                    switch (random.nextInt(3)) {
                        case 0 -> narrow.addAlone(ended);
                        case 1 -> narrow.addAgain(ended);
                        default -> narrow.addLater(ended, Duration.ZERO);
                    }
                } else {
                    all.remove(ended.id());
                }
                narrow.freeSlot(ended.id());
            }
        }
        assertEquals(0, narrow.size());
    }

    @Test
    void aDelayedJobJoinsTheQueueWhenItsTimeHasComeUnlessItWasRemoved() {
        JobRequest due = request(1, ME);
        JobRequest removed = request(2, ME);
        queue.addLater(due, Duration.ZERO);
        queue.addLater(removed, Duration.ZERO);
        queue.addLater(request(3, ME), Duration.ofHours(1));
        assertNull(queue.poll());
        queue.remove(removed);
        queue.addDue();
        assertEquals(due.id(), queue.poll());
        assertNull(queue.poll());
    }

    @Test
    void slotsComeAndGo() {
        PendingQueue two = queue(2);
        JobId first = added(two, 1).id();
        JobId second = added(two, 2).id();
        JobId third = added(two, 3).id();
        JobId fourth = added(two, 4).id();
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
        PendingQueue three = queue(3);
        JobId slow = added(three, 1).id();
        JobRequest suspect = added(three, 2);
        assertEquals(slow, three.poll());
        assertEquals(suspect.id(), three.poll());
        three.addAlone(suspect);
        three.freeSlot(suspect.id());
        JobId first = added(three, 3).id();
        JobId second = added(three, 4).id();
        JobId third = added(three, 5).id();
        assertEquals(first, three.poll());
        assertEquals(second, three.poll());
        three.freeSlot(first);
        three.freeSlot(slow);
        assertNull(three.poll(), "the suspect waits for the second, and no job overtakes it any more");
        three.freeSlot(second);
        assertEquals(suspect.id(), three.poll());
        assertNull(three.poll(), "it runs alone");
        three.freeSlot(suspect.id());
        assertEquals(third, three.poll());
    }
}
