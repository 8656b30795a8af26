package tinderbox.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.job.CancelRequest;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.ResultWriter;

/** Applies random changes to jobs in a real store, and compares it with a plain map. A seed always makes the same changes. */
class RandomWalkTest {
    private static final int STEPS = 250;
    private static final Instant START = Instant.parse("2026-01-31T23:59:00Z");

    @TempDir
    Path dataDir;

    private final Map<JobId, Job> expected = new HashMap<>();
    private final List<Job> outdated = new ArrayList<>();
    private final Set<JobId> deleted = new HashSet<>();
    private FolderJobStore store;
    private Random random;
    private Instant now = START;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theStoreMatchesAMap(long seed) throws Exception {
        random = new Random(seed);
        open();
        try {
            for (int step = 0; step < STEPS; step++) {
                now = now.plusSeconds(random.nextInt(3600));
                step();
            }
            reopen();
        } finally {
            store.close();
        }
        assertTrue(deleted.size() > 0 && expected.size() > 10, "enough has happened");
    }

    private void open() throws IOException {
        store = new FolderJobStore(dataDir, Clock.systemUTC());
    }

    private void step() throws IOException {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> accept();
            case 3, 4, 5, 6, 7 -> advance();
            case 8, 9 -> tryOutdated();
            case 10 -> delete();
            default -> {
                if (random.nextInt(4) == 0) {
                    reopen();
                }
            }
        }
    }

    private void accept() {
        JobId id = JobId.random();
        IdempotencyKey key = random.nextBoolean() ? new IdempotencyKey("key-" + id, "sha") : null;
        Job job = Job.accepted(new JobRequest(
                id, store.nextSeq(), "word-count", "name", true, Map.of(), List.of(), "", "walker", now, null, key));
        store.accept(job);
        expected.put(id, job);
        assertAsExpected(id);
    }

    /** Moves some job to a random next state. */
    private void advance() throws IOException {
        Job from = any(job -> !job.state().isTerminal());
        if (from == null) {
            return;
        }
        List<JobState> next = new ArrayList<>();
        for (JobState state : JobState.values()) {
            if (from.state().canBecome(state)) {
                next.add(state);
            }
        }
        JobState to = next.get(random.nextInt(next.size()));
        assertTrue(move(from, to), () -> from + " must be the current state");
        assertAsExpected(from.id());
    }

    private boolean move(Job from, JobState to) throws IOException {
        Job moved = moved(from, to);
        boolean done;
        if (to == JobState.SUCCEEDED) {
            JobResult result = result(from);
            done = store.publish(from, moved, result);
            if (done) {
                assertEquals(Optional.of(result), store.result(moved));
            }
        } else {
            done = store.transition(from, moved);
        }
        if (done) {
            outdated.add(from);
            expected.put(moved.id(), moved);
        }
        return done;
    }

    private Job moved(Job from, JobState to) {
        return switch (to) {
            case PENDING -> random.nextBoolean() ? from.requeued() : from.rolledBack();
            case RUNNING -> from.started(now);
            case CANCELLING -> from.cancelling(new CancelRequest("walker", now, CancelRequest.Reason.REQUESTED));
            case SUCCEEDED -> ended(from, new Outcome.Succeeded(1));
            case FAILED -> ended(from, new Outcome.Failed(new Failure(ErrorCode.JOB_ERROR, "why", "so")));
            case CANCELLED -> ended(from, new Outcome.Cancelled("walker"));
        };
    }

    private Job ended(Job from, Outcome outcome) {
        return from.ended(outcome, now, Duration.ofMillis(random.nextInt(1000)));
    }

    private JobResult result(Job running) throws IOException {
        try (ResultWriter writer =
                new ResultWriter(store.attemptFolder(running), List.of(Column.string("word")), 1 << 20)) {
            writer.row(List.of("x"));
            return writer.finish(Map.of("words", 1L));
        }
    }

    /** A transition from an outdated state must change nothing. */
    private void tryOutdated() throws IOException {
        if (outdated.isEmpty()) {
            return;
        }
        Job from = outdated.get(random.nextInt(outdated.size()));
        Job current = expected.get(from.id());
        if (current != null && current.isSameVersionAs(from)) {
            return;
        }
        JobState to = from.state() == JobState.PENDING ? JobState.CANCELLED : JobState.FAILED;
        assertFalse(store.transition(from, moved(from, to)));
        assertAsExpected(from.id());
    }

    private void delete() {
        Job ended = any(job -> job.state().isTerminal());
        if (ended == null) {
            return;
        }
        assertTrue(store.delete(ended));
        expected.remove(ended.id());
        deleted.add(ended.id());
        assertAsExpected(ended.id());
        assertFalse(store.delete(ended));
    }

    private Job any(java.util.function.Predicate<Job> kind) {
        List<Job> jobs = expected.values().stream()
                .filter(kind)
                .sorted(Comparator.comparingLong(job -> job.request().seq()))
                .toList();
        return jobs.isEmpty() ? null : jobs.get(random.nextInt(jobs.size()));
    }

    private void assertAsExpected(JobId id) {
        Optional<Job> job = Optional.ofNullable(expected.get(id));
        assertEquals(job, store.find(id));
        job.map(found -> found.request().idempotencyKey())
                .ifPresent(key -> assertEquals(job, store.findByKey("walker", key.key())));
    }

    /** Reopens the store and compares all of it. */
    private void reopen() throws IOException {
        store.close();
        open();
        List<Job> newestFirst = expected.values().stream()
                .sorted(Comparator.comparingLong((Job job) -> job.request().seq())
                        .reversed())
                .toList();
        List<Job> listed =
                store.list(new JobQuery(Set.of(), null, null, null, 500, 0)).jobs();
        assertEquals(ids(newestFirst), ids(listed));
        for (Job job : newestFirst) {
            Job found = store.find(job.id()).orElseThrow();
            if (job.state().isTerminal()) {
                assertEquals(job, found, "an end is final");
            } else {
                // A job that was running, or was requeued after a start, is RUNNING again.
                assertEquals(job.request(), found.request());
                assertEquals(job.attempt(), found.attempt());
                assertEquals(job.state() == JobState.CANCELLING, found.state() == JobState.CANCELLING);
                assertFalse(found.state().isTerminal());
                expected.put(found.id(), inMillis(found));
                outdated.removeIf(old -> old.id().equals(found.id()));
            }
        }
        deleted.forEach(id -> assertEquals(Optional.empty(), store.find(id)));
    }

    /** The start of an attempt is the time of its folder, which is more precise than times in JSON. */
    private static Job inMillis(Job job) {
        Instant started = job.startedAt() == null ? null : job.startedAt().truncatedTo(ChronoUnit.MILLIS);
        return new Job(job.request(), job.state(), job.attempt(), started, job.cancel(), job.end());
    }

    private static List<JobId> ids(List<Job> jobs) {
        return jobs.stream().map(Job::id).toList();
    }
}
