package tinderbox.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobOrigin;
import tinderbox.job.JobRequest;
import tinderbox.job.RunSet;

/** Run sets of word counts, which nobody has stored. */
final class TestRunSets {
    private TestRunSets() {}

    /** A run set with as many jobs as values of one parameter. */
    static RunSet create(long seq, int jobs, IdempotencyKey key, Instant submittedAt) {
        return new RunSet(
                JobId.random().toString(),
                seq,
                "word-count",
                "Both",
                true,
                Map.of("case_sensitive", true),
                Map.of(
                        "min_count",
                        LongStream.rangeClosed(1, jobs)
                                .<Object>mapToObj(Long::valueOf)
                                .toList()),
                Map.of(),
                null,
                "tester",
                submittedAt,
                null,
                null,
                null,
                key,
                Stream.generate(JobId::random).limit(jobs).toList());
    }

    /** Its jobs, each with the next number. */
    static List<Job> jobs(RunSet set, LongSupplier nextSeq) {
        return set.jobs().stream()
                .map(id -> Job.accepted(new JobRequest(
                        id,
                        nextSeq.getAsLong(),
                        set.type(),
                        set.name(),
                        true,
                        set.params(),
                        List.of(),
                        "",
                        Map.of(),
                        "tester",
                        set.submittedAt(),
                        JobOrigin.of(null, set.id(), null),
                        null)))
                .toList();
    }
}
