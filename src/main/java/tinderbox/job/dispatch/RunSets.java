package tinderbox.job.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tinderbox.job.CheckedSubmission;
import tinderbox.job.ErrorCode;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobFilter;
import tinderbox.job.JobId;
import tinderbox.job.JobPage;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.JobView;
import tinderbox.job.Labels;
import tinderbox.job.Origin;
import tinderbox.job.RunSet;
import tinderbox.job.RunSetFilter;
import tinderbox.job.RunSetSubmission;
import tinderbox.job.Visibility;

/**
 * The operations on run sets, for a caller who sees those of some submitters only. The jobs of a run set are accepted all or
 * none; then each is a job like any other.
 */
public final class RunSets {
    private static final int PAGE_JOBS = 200;

    /** A page of the list ends once its run sets have so many characters. */
    private static final long MAX_PAGE_CHARS = 4 << 20;

    private final JobService jobs;
    private final JobStore store;
    private final PendingQueue queue;
    private final DiskGuard disk;
    private final Clock clock;
    /** Submissions with a key whose outcome is not yet known, as submitter and key. */
    private final Set<String> keysInFlight;

    private final Visibility visibility;

    RunSets(JobService jobs, JobStore store, PendingQueue queue, DiskGuard disk, Clock clock) {
        this(jobs, store, queue, disk, clock, ConcurrentHashMap.newKeySet(), Visibility.ALL);
    }

    private RunSets(
            JobService jobs,
            JobStore store,
            PendingQueue queue,
            DiskGuard disk,
            Clock clock,
            Set<String> keysInFlight,
            Visibility visibility) {
        this.jobs = jobs;
        this.store = store;
        this.queue = queue;
        this.disk = disk;
        this.clock = clock;
        this.keysInFlight = keysInFlight;
        this.visibility = visibility;
    }

    /** As these, but other submitters' run sets do not exist. */
    public RunSets seenBy(Visibility visible) {
        return new RunSets(jobs, store, queue, disk, clock, keysInFlight, visible);
    }

    /**
     * A run set that was submitted.
     *
     * @param replayed whether an earlier submission with the same key created it
     */
    public record Submitted(RunSet set, boolean replayed) {}

    /**
     * How many jobs of a run set there are in each state.
     *
     * @param gone how many were deleted
     */
    public record Counts(Map<JobState, Long> byState, long gone) {}

    /**
     * A page of run sets, newest first.
     *
     * @param next the place of the next page, or null
     */
    public record Page(List<RunSet> sets, long total, Long next) {}

    /**
     * Accepts all jobs of a run set, or none. When this returns, they survive a crash.
     *
     * @param admit called before anything is checked, with the number of jobs
     * @throws JobException as {@link JobService#submit}; then nothing was accepted
     */
    public Submitted submit(RunSetSubmission submission, Runnable admit) {
        return once(submission.submittedBy(), submission.idempotencyKey(), () -> {
            admit.run();
            return accept(submission, null);
        });
    }

    /**
     * Accepts a new run set with the parameters of an old one, whose jobs may be gone.
     *
     * @param admit called before anything is checked
     * @throws JobException {@link ErrorCode#RUN_SET_NOT_FOUND}, or as {@link #submit}
     */
    public Submitted rerun(RunSet old, String by, IdempotencyKey idempotencyKey, Runnable admit) {
        RunSetSubmission submission = new RunSetSubmission(
                old.type(),
                old.isNamed() ? old.name() : null,
                old.params(),
                old.forEach(),
                old.labels(),
                by,
                idempotencyKey);
        return once(by, idempotencyKey, () -> {
            admit.run();
            return accept(submission, old);
        });
    }

    private Submitted once(String by, IdempotencyKey idempotencyKey, Supplier<RunSet> accept) {
        if (idempotencyKey == null) {
            return new Submitted(accept.get(), false);
        }
        String scope = IdempotencyKey.scope(by, idempotencyKey.key());
        if (!keysInFlight.add(scope)) {
            throw new JobException(
                    ErrorCode.IDEMPOTENCY_IN_FLIGHT,
                    "Another request with this Idempotency-Key is being answered",
                    "send it again in a moment");
        }
        try {
            Optional<RunSet> earlier = store.runSets().entries().stream()
                    .filter(entry -> scope.equals(entry.key()))
                    .findFirst()
                    .flatMap(entry -> store.runSets().find(entry.id()));
            if (earlier.isPresent() && !idempotencyKey.equals(earlier.get().idempotencyKey())) {
                throw new JobException(
                        ErrorCode.IDEMPOTENCY_MISMATCH,
                        "This Idempotency-Key was used for another request, by run set "
                                + earlier.get().id(),
                        "send a new key with a new run set");
            }
            return earlier.map(set -> new Submitted(set, true)).orElseGet(() -> new Submitted(accept.get(), false));
        } finally {
            keysInFlight.remove(scope);
        }
    }

    private RunSet accept(RunSetSubmission submission, RunSet old) {
        jobs.checkAccepting();
        long started = System.nanoTime();
        List<CheckedSubmission> checked = new CombinationChecks(jobs, visibility).check(submission);
        disk.checkRoom();
        String by = submission.submittedBy();
        int count = checked.size();
        queue.reserve(by, count);
        List<Long> seqs = new ArrayList<>();
        RunSet set;
        List<Job> pending;
        try {
            for (int i = 0; i < count; i++) {
                seqs.add(store.nextSeq());
            }
            set = set(submission, checked, seqs.get(0), old);
            pending = pending(set, checked, seqs, old);
            store.runSets().accept(set, pending);
        } catch (RuntimeException | Error e) {
            queue.release(by, count);
            throw e;
        } finally {
            seqs.forEach(store::settle);
        }
        Duration each = Duration.ofNanos(System.nanoTime() - started).dividedBy(count);
        for (Job job : pending) {
            queue.fill(job.request());
            jobs.measureAccepted(job, each);
        }
        return set;
    }

    private RunSet set(RunSetSubmission submission, List<CheckedSubmission> checked, long seq, RunSet old) {
        Map<String, List<Object>> forEach = CombinationChecks.checkedValues(submission.forEach(), checked);
        Map<String, Object> params = new LinkedHashMap<>(checked.get(0).params());
        params.keySet().removeAll(forEach.keySet());
        boolean isNamed = submission.name() != null && !submission.name().isBlank();
        int count = checked.size();
        return new RunSet(
                JobId.random().toString(),
                seq,
                submission.type(),
                isNamed
                        ? submission.name().strip()
                        : submission.type() + (count == 1 ? ", 1 job" : ", " + count + " jobs"),
                isNamed,
                params,
                forEach,
                submission.labels(),
                null,
                submission.submittedBy(),
                clock.instant(),
                old == null ? null : old.id(),
                submission.idempotencyKey(),
                checked.stream().map(each -> JobId.random()).toList());
    }

    private static List<Job> pending(RunSet set, List<CheckedSubmission> checked, List<Long> seqs, RunSet old) {
        boolean isSame = old != null && old.jobs().size() == checked.size();
        List<Job> pending = new ArrayList<>();
        for (int i = 0; i < checked.size(); i++) {
            CheckedSubmission each = checked.get(i);
            pending.add(Job.accepted(new JobRequest(
                    set.jobs().get(i),
                    seqs.get(i),
                    set.type(),
                    set.isNamed() ? name(set, i) : each.label(),
                    set.isNamed(),
                    each.params(),
                    each.inputs(),
                    each.searchText(),
                    set.labels(),
                    set.submittedBy(),
                    set.submittedAt(),
                    Origin.of(isSame ? old.jobs().get(i) : null, set.id(), null),
                    null)));
        }
        return pending;
    }

    /** The name of the run set and what varies. */
    private static String name(RunSet set, int job) {
        String values =
                set.combination(job).values().stream().map(String::valueOf).collect(Collectors.joining(", "));
        StringBuilder name = new StringBuilder(set.name()).append(": ");
        values.codePoints().map(c -> Labels.breaksLine(c) ? ' ' : c).forEach(name::appendCodePoint);
        int length = name.codePointCount(0, name.length());
        return length <= JobRequest.MAX_NAME
                ? name.toString()
                : name.substring(0, name.offsetByCodePoints(0, JobRequest.MAX_NAME - 1)) + "…";
    }

    /** A page of run sets, newest first. */
    public Page list(RunSetFilter filter, int limit) {
        String text = filter.text() == null ? "" : filter.text().toLowerCase(Locale.ROOT);
        List<RunSetStore.Entry> matching = store.runSets().entries().stream()
                .filter(entry -> visibility.includes(entry.submittedBy()))
                .filter(entry ->
                        filter.submittedBy() == null || filter.submittedBy().equals(entry.submittedBy()))
                .filter(entry -> entry.name().toLowerCase(Locale.ROOT).contains(text)
                        || entry.id().contains(text))
                .toList();
        List<RunSet> page = new ArrayList<>();
        long chars = 0;
        Long last = null;
        for (RunSetStore.Entry entry : matching) {
            if (filter.before() != null && entry.seq() >= filter.before()) {
                continue;
            }
            if (page.size() == limit || chars > MAX_PAGE_CHARS) {
                return new Page(page, matching.size(), last);
            }
            Optional<RunSet> set = store.runSets().find(entry.id());
            set.ifPresent(page::add);
            chars += set.map(RunSets::chars).orElse(0L);
            last = entry.seq();
        }
        return new Page(page, matching.size(), null);
    }

    private static long chars(RunSet set) {
        return JobRequest.chars(set.params(), set.labels()) + JobRequest.paramChars(new LinkedHashMap<>(set.forEach()));
    }

    /**
     * A run set.
     *
     * @throws JobException {@link ErrorCode#RUN_SET_NOT_FOUND}
     */
    public RunSet find(String id) {
        return (JobId.isWellFormed(id) ? store.runSets().find(id) : Optional.<RunSet>empty())
                .filter(set -> visibility.includes(set.submittedBy()))
                .orElseThrow(RunSets::notFound);
    }

    private static JobException notFound() {
        return new JobException(
                ErrorCode.RUN_SET_NOT_FOUND,
                "There is no such run set",
                "it may have been deleted, with or after its jobs; GET /api/v1/run-sets lists all");
    }

    /** How many of its jobs there are in each state. */
    public Counts counts(RunSet set) {
        Map<JobState, Long> counts =
                store.list(new JobQuery(jobsOf(set.id()), 0, 0)).counts();
        long there = counts.values().stream().mapToLong(Long::longValue).sum();
        return new Counts(counts, Math.max(0, set.jobs().size() - there));
    }

    private static JobFilter jobsOf(String id) {
        return new JobFilter(Set.of(), null, null, null, null, null, new Origin(null, id, null), List.of());
    }

    /** Those of its jobs that exist, by id. */
    public Map<JobId, JobView> jobs(RunSet set) {
        Map<JobId, JobView> found = new LinkedHashMap<>();
        Long before = null;
        do {
            JobPage<JobView> page = jobs.list(new JobQuery(jobsOf(set.id()), null, before, null, PAGE_JOBS, 0));
            page.jobs().forEach(view -> found.put(view.job().id(), view));
            before = page.next();
        } while (before != null);
        return found;
    }
}
