package tinderbox.job.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tinderbox.job.CheckedSubmission;
import tinderbox.job.ErrorCode;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobOrigin;
import tinderbox.job.JobPage;
import tinderbox.job.JobPatch;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.JobView;
import tinderbox.job.Labels;
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
    private final KeyedRequests<RunSet> keyedRequests;

    /** One edit at a time, so that none overwrites another. */
    private final Object edits;

    private final Visibility visibility;

    RunSets(JobService jobs, JobStore store, PendingQueue queue, DiskGuard disk, Clock clock) {
        this(
                jobs,
                store,
                queue,
                disk,
                clock,
                new KeyedRequests<>("run set", RunSet::id, RunSet::idempotencyKey),
                new Object(),
                Visibility.ALL);
    }

    private RunSets(
            JobService jobs,
            JobStore store,
            PendingQueue queue,
            DiskGuard disk,
            Clock clock,
            KeyedRequests<RunSet> keyedRequests,
            Object edits,
            Visibility visibility) {
        this.jobs = jobs;
        this.store = store;
        this.queue = queue;
        this.disk = disk;
        this.clock = clock;
        this.keyedRequests = keyedRequests;
        this.edits = edits;
        this.visibility = visibility;
    }

    /** As these, but other submitters' run sets do not exist. */
    RunSets seenBy(Visibility visible) {
        return new RunSets(jobs, store, queue, disk, clock, keyedRequests, edits, visible);
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
        KeyedRequests.Answer<RunSet> answer =
                keyedRequests.once(by, idempotencyKey, () -> findByKey(by, idempotencyKey), accept);
        return new Submitted(answer.created(), answer.replayed());
    }

    private Optional<RunSet> findByKey(String by, IdempotencyKey idempotencyKey) {
        String scope = IdempotencyKey.scope(by, idempotencyKey.key());
        return store.runSets().entries().stream()
                .filter(entry -> scope.equals(entry.key()))
                .findFirst()
                .flatMap(entry -> store.runSets().find(entry.id()));
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
                isNamed ? submission.name().strip() : defaultName(submission.type(), count),
                isNamed,
                params,
                forEach,
                submission.labels(),
                null,
                submission.submittedBy(),
                clock.instant(),
                old == null ? null : old.id(),
                null,
                null,
                submission.idempotencyKey(),
                checked.stream().map(each -> JobId.random()).toList());
    }

    private static String defaultName(String type, int count) {
        return type + (count == 1 ? ", 1 job" : ", " + count + " jobs");
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
                    JobOrigin.of(isSame ? old.jobs().get(i) : null, set.id(), null),
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
                .filter(entry -> !entry.isKeyOnly() && visibility.includes(entry.submittedBy()))
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
                .filter(set -> !set.isKeyOnly() && visibility.includes(set.submittedBy()))
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
        Map<JobState, Long> counts = store.list(JobQuery.countOf(set.id())).counts();
        long there = counts.values().stream().mapToLong(Long::longValue).sum();
        return new Counts(counts, Math.max(0, set.jobs().size() - there));
    }

    /**
     * Cancels its jobs that have not ended.
     *
     * @throws JobException {@link ErrorCode#WRONG_STATE} if all have ended; {@link ErrorCode#SERVER_BUSY} if {@code time}
     *     is not enough: then some are cancelled
     */
    public void cancel(RunSet set, String by, Duration time) {
        long begun = System.nanoTime();
        List<Job> unfinished = jobs(set).values().stream()
                .map(JobView::job)
                .filter(job -> !job.state().isTerminal())
                // Waiting jobs first, the last ones before the others: none shall start in the place of a cancelled
                // one.
                .sorted(Comparator.comparing((Job job) -> job.state() != JobState.PENDING)
                        .thenComparing(job -> -job.request().seq()))
                .toList();
        if (unfinished.isEmpty()) {
            throw new JobException(
                    ErrorCode.WRONG_STATE, "All jobs of the run set have ended, and cannot be cancelled any more", "");
        }
        for (Job job : unfinished) {
            checkTime(begun, time);
            ignoring(ErrorCode.WRONG_STATE, () -> jobs.cancel(job.id(), by));
        }
    }

    private static void checkTime(long begun, Duration time) {
        if (System.nanoTime() - begun > time.toNanos()) {
            throw new JobException(
                    ErrorCode.SERVER_BUSY,
                    "Not all jobs of the run set could be changed in " + time.toSeconds() + " seconds",
                    "send the request again for the rest");
        }
    }

    /** Changes a job that may be gone, or in another state, meanwhile. */
    private static void ignoring(ErrorCode code, Runnable change) {
        try {
            change.run();
        } catch (JobException e) {
            if (e.code() != code && e.code() != ErrorCode.JOB_NOT_FOUND) {
                throw e;
            }
        }
    }

    /**
     * Deletes a run set with its jobs, all of which must have ended.
     *
     * @throws JobException {@link ErrorCode#WRONG_STATE}, {@link ErrorCode#DATASET_IN_USE}; then nothing is deleted. {@link
     *     ErrorCode#SERVER_BUSY} if {@code time} is not enough: then some jobs are deleted
     */
    public void delete(RunSet set, Duration time) {
        long begun = System.nanoTime();
        Map<JobId, JobView> there = jobs(set);
        long unfinished = there.values().stream()
                .filter(view -> !view.job().state().isTerminal())
                .count();
        if (unfinished > 0) {
            throw new JobException(
                    ErrorCode.WRONG_STATE,
                    unfinished
                            + " jobs of the run set have not ended, and it cannot be deleted before; cancel it first",
                    "");
        }
        jobs.checkUnread(there.keySet(), "The result of a job of the run set", visibility);
        for (JobId id : there.keySet()) {
            checkTime(begun, time);
            ignoring(ErrorCode.JOB_NOT_FOUND, () -> jobs.delete(id, visibility));
        }
        store.runSets().delete(set.id());
    }

    /**
     * Changes name, note and labels. Labels change in its jobs too.
     *
     * @param check throws if the present version is not to be changed
     * @throws JobException {@link ErrorCode#RUN_SET_NOT_FOUND}, {@link ErrorCode#INVALID_JOB}, what {@code check} throws, or
     *     {@link ErrorCode#SERVER_BUSY} if {@code time} is not enough: then some jobs have the new labels
     */
    public RunSet edit(String id, JobPatch patch, String by, Duration time, Consumer<RunSet> check) {
        long begun = System.nanoTime();
        synchronized (edits) {
            RunSet set = find(id);
            check.accept(set);
            Map<String, String> labels = patch.labelsOf(set.labels());
            if (!labels.equals(set.labels())) {
                JobPatch ofJobs = new JobPatch(false, null, false, null, patch.dropsLabels(), patch.labels());
                Map<JobId, JobView> there = jobs(set);
                // A job may have got labels of its own, with which these are too many.
                there.values().forEach(view -> ofJobs.applyTo(view.job(), by, clock.instant()));
                for (JobId job : there.keySet()) {
                    checkTime(begun, time);
                    ignoring(ErrorCode.JOB_NOT_FOUND, () -> jobs.edit(job, ofJobs, by, each -> {}));
                }
            }
            boolean keepsName = !patch.setsName();
            boolean isNamed = keepsName ? set.isNamed() : patch.name() != null;
            String name = isNamed
                    ? keepsName ? set.name() : patch.name()
                    : defaultName(set.type(), set.jobs().size());
            String note = patch.setsNote() ? patch.note() : set.note();
            RunSet edited = set.edited(name, isNamed, labels, note, by, clock.instant());
            if (!edited.equals(set) && !store.runSets().replace(edited)) {
                throw notFound();
            }
            return edited;
        }
    }

    /** The results of its jobs as one table. */
    public RunSetResults results(RunSet set) {
        return new RunSetResults(set, jobs(set), jobs.artifacts());
    }

    /** Those of its jobs that exist, by id. */
    public Map<JobId, JobView> jobs(RunSet set) {
        Map<JobId, JobView> found = new LinkedHashMap<>();
        Long before = null;
        do {
            JobPage<JobView> page = jobs.list(JobQuery.ofRunSet(set.id(), before, PAGE_JOBS));
            page.jobs().forEach(view -> found.put(view.job().id(), view));
            before = page.next();
        } while (before != null);
        return found;
    }
}
