package tinderbox.store.index;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import tinderbox.job.FilterValues;
import tinderbox.job.Job;
import tinderbox.job.JobFilter;
import tinderbox.job.JobId;
import tinderbox.job.JobOrigin;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.Visibility;

/**
 * What lists, counts and searches need of every job, in memory: about 280 bytes a job, at most {@link
 * JobRequest#MAX_SEARCH_TEXT} characters more for what its type has searched, as many for its note and for its error, 16
 * bytes more for each label, and about 200 more for a run set or a preset, besides the texts of {@link KnownLabels}. A list without a filter, or filtered by state or submitter
 * alone, ends with its page or its last job; one of a run set visits the jobs of that; every other list visits all jobs,
 * and so does a sorted one. It takes no lock: a job that changes meanwhile appears as it was or as it is.
 */
public final class InMemoryJobIndex {
    private static final int ID_LENGTH = 36;

    /** By the negative sequence number, so that iteration runs from the newest job to the oldest. */
    private final ConcurrentNavigableMap<Long, Row> jobs = new ConcurrentSkipListMap<>();

    /** The jobs of each run set, in the same order: some lists are of one run set, and there may be many others. */
    private final Map<String, ConcurrentNavigableMap<Long, Row>> runSets = new ConcurrentHashMap<>();

    private final Counts counts = new Counts();
    /** Raised before each change, so that a list knows how many jobs can have come to match since it counted. */
    private volatile long puts;
    /** By the names of submitters who have jobs. */
    private final Map<String, Counts> submitterCounts = new HashMap<>();

    private final KnownLabels knownLabels = new KnownLabels();
    /** One instance of each job type and submitter; there are few of them. */
    private final Map<String, String> names = new HashMap<>();

    /** A job; its text is its id, name, search text, the beginning of its note and its error, in lower case. */
    private record Row(
            JobState state,
            String type,
            String submitter,
            String text,
            JobOrigin origin,
            LabelHashes labels,
            long submittedAt,
            long endedAt,
            long duration) {
        /** Of {@link #endedAt} and {@link #duration}: there is none. */
        static final long NONE = Long.MIN_VALUE;

        /** The same job in its present state. The duration of a running one is the time at which it began. */
        Row now(IndexedJob job) {
            Long duration = job.startedAt() == null ? job.ran() : job.startedAt();
            return new Row(
                    job.state(),
                    type,
                    submitter,
                    text,
                    origin,
                    labels,
                    submittedAt,
                    job.endedAt() == null ? NONE : job.endedAt(),
                    duration == null ? NONE : duration);
        }

        JobId id() {
            return JobId.parse(text.substring(0, ID_LENGTH));
        }

        String name() {
            return text.substring(ID_LENGTH + 1, text.indexOf('\n', ID_LENGTH + 1));
        }
    }

    /**
     * One page.
     *
     * @param jobs in the order of the query; with {@link JobQuery#after} from the oldest to the newest
     * @param more whether others follow on the next page
     * @param counts how many jobs there are in each state under the filter's other conditions
     */
    public record Page(List<Found> jobs, boolean more, Map<JobState, Long> counts) {
        public List<JobId> ids() {
            return jobs.stream().map(Found::id).toList();
        }
    }

    /** A job of a page. */
    public record Found(long seq, JobId id) {}

    /** Adds a job, or updates one that is here. */
    public void put(Job job) {
        put(IndexedJob.of(job));
    }

    /** Adds a job, or updates one that is here. */
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // Every writer holds the lock.
    public synchronized void put(IndexedJob job) {
        puts++;
        Row known = jobs.get(-job.seq());
        Row row = row(job, known);
        jobs.put(-job.seq(), row);
        if (row.origin.runSet() != null) {
            runSets.computeIfAbsent(row.origin.runSet(), id -> new ConcurrentSkipListMap<>())
                    .put(-job.seq(), row);
        }
        count(row, 1);
        if (known != null) {
            count(known, -1);
        }
        if (known == null || !known.labels.equals(row.labels)) {
            knownLabels.add(row.submitter, job.labels());
            if (known != null) {
                knownLabels.remove(known.submitter, known.labels);
            }
        }
    }

    /** What does not change of a known job takes no more memory. */
    private Row row(IndexedJob job, Row known) {
        String text = job.id() + "\n" + job.searchable().toLowerCase(Locale.ROOT);
        LabelHashes labels = LabelHashes.of(job.labels());
        boolean isSame = known != null && known.text.equals(text) && known.labels.equals(labels);
        Row base = isSame
                ? known
                : new Row(
                        job.state(),
                        shared(job.type()),
                        shared(job.submittedBy()),
                        text,
                        job.origin(),
                        labels,
                        job.submittedAt(),
                        Row.NONE,
                        Row.NONE);
        return base.now(job);
    }

    private void count(Row row, int added) {
        counts.add(row.state, added);
        Counts own = submitterCounts.computeIfAbsent(row.submitter, name -> new Counts());
        own.add(row.state, added);
        if (own.isEmpty()) {
            submitterCounts.remove(row.submitter);
        }
    }

    private String shared(String name) {
        return names.computeIfAbsent(name, same -> same);
    }

    /** Removes a job, if it is here. */
    public synchronized void remove(long seq) {
        Row removed = jobs.remove(-seq);
        if (removed != null) {
            count(removed, -1);
            knownLabels.remove(removed.submitter, removed.labels);
            if (removed.origin.runSet() != null) {
                runSets.computeIfPresent(removed.origin.runSet(), (id, rest) -> {
                    rest.remove(-seq);
                    return rest.isEmpty() ? null : rest;
                });
            }
        }
    }

    /** The greatest sequence number, or 0. */
    public long lastSeq() {
        Map.Entry<Long, Row> newest = jobs.firstEntry();
        return newest == null ? 0 : -newest.getKey();
    }

    /**
     * Lists a page of the jobs that match, and counts all of them.
     *
     * @param settled a page after a job ends with this sequence number, because there may still come jobs with smaller ones
     *     than those that follow
     * @param now decides how long jobs have run
     */
    public Page list(JobQuery query, long settled, Instant now) {
        JobFilter filter = query.filter();
        boolean isCounted = filter.isByStateAndSubmitter();
        RowFilter matches = new RowFilter(filter);
        long putsBefore = puts;
        Counts found = isCounted ? counts(filter.submitters()) : new Counts();
        long total = found.sum(filter);
        Picker picker = picker(query, settled, now);
        for (Map.Entry<Long, Row> each : range(query, isCounted).entrySet()) {
            if (isCounted && picker.isDone(total + puts - putsBefore)) {
                break;
            }
            Row row = each.getValue();
            if (matches.test(row)) {
                if (!isCounted) {
                    found.add(row.state, 1);
                }
                if (filter.includes(row.state)) {
                    picker.add(-each.getKey(), row);
                }
            }
        }
        return picker.page(found.toMap());
    }

    /** The jobs to visit: all, unless only those of the page matter. */
    private ConcurrentNavigableMap<Long, Row> range(JobQuery query, boolean isCounted) {
        String runSet = query.filter().origin().runSet();
        if (runSet != null) {
            return runSets.getOrDefault(runSet, new ConcurrentSkipListMap<>());
        }
        if (isCounted && query.before() != null) {
            return jobs.tailMap(-query.before(), false);
        }
        return isCounted && query.after() != null ? jobs.headMap(-query.after(), false) : jobs;
    }

    private static Picker picker(JobQuery query, long settled, Instant now) {
        if (query.sort() != null) {
            return new SortedPicker(query, now.toEpochMilli());
        }
        return query.after() == null ? new NewestPicker(query) : new NextPicker(query, settled);
    }

    /** The conditions of a filter except for the states. */
    private static final class RowFilter {
        private final JobFilter filter;
        private final Visibility submitters;
        private final String text;
        /** A text that cannot be part of an id is searched for after the line of the id. */
        private final int from;

        private final long[] labels;

        RowFilter(JobFilter filter) {
            this.filter = filter;
            this.submitters = filter.submitters();
            this.text = filter.text() == null ? "" : filter.text().toLowerCase(Locale.ROOT);
            this.from = text.chars().allMatch(c -> "-0123456789abcdef".indexOf(c) >= 0) ? 0 : ID_LENGTH + 1;
            this.labels = LabelHashes.wanted(filter.labels());
        }

        boolean test(Row row) {
            return (filter.type() == null || filter.type().equals(row.type))
                    && submitters.includes(row.submitter)
                    && filter.origin().matches(row.origin)
                    && (filter.since() == null
                            || !Instant.ofEpochMilli(row.submittedAt).isBefore(filter.since()))
                    && (filter.until() == null
                            || Instant.ofEpochMilli(row.submittedAt).isBefore(filter.until()))
                    && row.labels.hasAll(labels)
                    && (text.isEmpty() || row.text.indexOf(text, from) >= 0);
        }
    }

    /** Picks the jobs of a page from all that match, which come from the newest to the oldest. */
    private abstract static class Picker {
        abstract void add(long seq, Row row);

        /**
         * Whether no other job can change the page.
         *
         * @param most how many jobs match at most
         */
        boolean isDone(long most) {
            return false;
        }

        abstract Page page(Map<JobState, Long> counts);
    }

    /** Picks in the order in which jobs come; one more than the page has tells whether others follow. */
    private static final class NewestPicker extends Picker {
        private final JobQuery query;
        private final long end;
        private final List<Found> picked = new ArrayList<>();
        private long passed;

        NewestPicker(JobQuery query) {
            this.query = query;
            this.end = query.offset() + query.limit() + 1;
        }

        @Override
        void add(long seq, Row row) {
            if (query.before() != null && seq >= query.before()) {
                return;
            }
            if (passed >= query.offset() && picked.size() <= query.limit()) {
                picked.add(new Found(seq, row.id()));
            }
            passed++;
        }

        @Override
        boolean isDone(long most) {
            return passed >= Math.min(end, most);
        }

        @Override
        Page page(Map<JobState, Long> counts) {
            boolean more = picked.size() > query.limit();
            return new Page(more ? picked.subList(0, query.limit()) : picked, more, counts);
        }
    }

    /** Picks the oldest of the jobs after the one that the query names. */
    private static final class NextPicker extends Picker {
        private final JobQuery query;
        private final long settled;
        private final ArrayDeque<Map.Entry<Long, Row>> oldest = new ArrayDeque<>();

        NextPicker(JobQuery query, long settled) {
            this.query = query;
            this.settled = settled;
        }

        @Override
        void add(long seq, Row row) {
            if (seq > query.after() && seq <= settled) {
                oldest.addFirst(Map.entry(seq, row));
                if (oldest.size() > query.limit() + 1) {
                    oldest.removeLast();
                }
            }
        }

        @Override
        Page page(Map<JobState, Long> counts) {
            return new Page(
                    oldest.stream()
                            .limit(query.limit())
                            .map(each ->
                                    new Found(each.getKey(), each.getValue().id()))
                            .toList(),
                    oldest.size() > query.limit(),
                    counts);
        }
    }

    /** Picks by a column. It keeps as many jobs as there are up to the end of the page. */
    private static final class SortedPicker extends Picker {
        private final JobQuery query;
        private final long now;
        private final int end;
        private final Comparator<Ranked> order;
        private final PriorityQueue<Ranked> best;

        private record Ranked(Comparable<?> key, long seq, Row row) {}

        @SuppressWarnings("unchecked") // The keys of one column have one type.
        SortedPicker(JobQuery query, long now) {
            this.query = query;
            this.now = now;
            this.end = Math.toIntExact(query.offset() + query.limit());
            Comparator<Comparable<Object>> byKey =
                    query.sort().descending() ? Comparator.reverseOrder() : Comparator.naturalOrder();
            this.order = Comparator.comparing(
                            (Ranked ranked) -> (Comparable<Object>) ranked.key, Comparator.nullsLast(byKey))
                    .thenComparing(Comparator.comparingLong(Ranked::seq).reversed());
            this.best = new PriorityQueue<>(order.reversed());
        }

        @Override
        void add(long seq, Row row) {
            Ranked ranked = new Ranked(key(row), seq, row);
            if (best.size() < end) {
                best.add(ranked);
            } else if (order.compare(ranked, best.element()) < 0) {
                best.remove();
                best.add(ranked);
            }
        }

        private Comparable<?> key(Row row) {
            return switch (query.sort().column()) {
                case SUBMITTED_AT -> row.submittedAt;
                case FINISHED_AT -> row.endedAt == Row.NONE ? null : (Long) row.endedAt;
                case DURATION_MS -> row.duration == Row.NONE ? null : (Long) duration(row);
                case NAME -> row.name();
                case TYPE -> row.type;
                case STATUS -> row.state;
                case SUBMITTED_BY -> row.submitter;
            };
        }

        private long duration(Row row) {
            return row.state.isRunning() ? Math.max(0, now - row.duration) : row.duration;
        }

        @Override
        Page page(Map<JobState, Long> counts) {
            return new Page(
                    best.stream()
                            .sorted(order)
                            .skip(query.offset())
                            .map(ranked -> new Found(ranked.seq, ranked.row.id()))
                            .toList(),
                    false,
                    counts);
        }
    }

    /** What the jobs of these submitters can be filtered by, at most {@code limit} of each kind. */
    public synchronized FilterValues filterValues(Visibility visible, int limit) {
        Map<String, Long> submitters = new HashMap<>();
        Map<String, Long> labels = new HashMap<>();
        submitterCounts.forEach((name, own) -> {
            if (visible.includes(name)) {
                submitters.put(name, own.sum(JobFilter.NONE));
                knownLabels.addTo(labels, name);
            }
        });
        return new FilterValues(mostFrequent(submitters, limit), mostFrequent(labels, limit));
    }

    private static List<String> mostFrequent(Map<String, Long> counts, int limit) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    }

    private synchronized Counts counts(Visibility submitters) {
        if (submitters.isAll()) {
            return counts.copy();
        }
        Counts sum = new Counts();
        for (String name : submitters.submitters()) {
            Counts own = submitterCounts.get(name);
            if (own != null) {
                sum.add(own);
            }
        }
        return sum;
    }

    /** How many jobs there are in each state. */
    private static final class Counts {
        private final long[] counts;

        Counts() {
            this(new long[JobState.values().length]);
        }

        private Counts(long[] counts) {
            this.counts = counts;
        }

        Counts copy() {
            return new Counts(counts.clone());
        }

        @SuppressWarnings("EnumOrdinal")
        void add(JobState state, long jobs) {
            counts[state.ordinal()] += jobs;
        }

        void add(Counts others) {
            EnumSet.allOf(JobState.class).forEach(state -> add(state, others.get(state)));
        }

        boolean isEmpty() {
            return Arrays.stream(counts).allMatch(jobs -> jobs == 0);
        }

        @SuppressWarnings("EnumOrdinal")
        long get(JobState state) {
            return counts[state.ordinal()];
        }

        long sum(JobFilter filter) {
            return EnumSet.allOf(JobState.class).stream()
                    .filter(filter::includes)
                    .mapToLong(this::get)
                    .sum();
        }

        Map<JobState, Long> toMap() {
            Map<JobState, Long> map = new EnumMap<>(JobState.class);
            EnumSet.allOf(JobState.class).forEach(state -> map.put(state, get(state)));
            return map;
        }
    }
}
