package tinderbox.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.job.FilterValues;
import tinderbox.job.JobFilter;
import tinderbox.job.JobId;
import tinderbox.job.JobOrigin;
import tinderbox.job.JobQuery;
import tinderbox.job.JobSort;
import tinderbox.job.JobState;
import tinderbox.job.Visibility;

class InMemoryJobIndexTest {
    private static final int STEPS = 20_000;
    private static final long NOW = 1_800_000_000_000L;
    /** Later jobs are not on a page after a job. */
    private static final long SETTLED = 15_000;

    private static final List<String> WORDS =
            List.of("Whale", "WHALES", "ahab", "Straße", "ÉTÉ", "鯨", "a", "ab", "aab", "x\uD83D\uDC0By", "");

    private static final List<JobState> STATES = List.copyOf(EnumSet.allOf(JobState.class));

    private final InMemoryJobIndex index = new InMemoryJobIndex();
    private final NavigableMap<Long, IndexedJob> jobs = new TreeMap<>();
    private Random random = new Random(1);

    private void put(long seq, JobState state) {
        IndexedJob job = job(seq, state);
        jobs.put(seq, job);
        index.put(job);
    }

    /** A new job, or the one with this number in another state. */
    private IndexedJob job(long seq, JobState state) {
        IndexedJob known = jobs.get(seq);
        boolean hadAttempt = random.nextInt(4) > 0;
        return new IndexedJob(
                seq,
                known == null ? new JobId(new UUID(random.nextLong(), random.nextLong())) : known.id(),
                state,
                known == null ? random.nextBoolean() ? "word-count" : "sql" : known.type(),
                known == null ? "user" + random.nextInt(3) : known.submittedBy(),
                known == null ? word() + " " + word() + "\n" + word() + "/" + word() : known.searchable(),
                known == null ? NOW + seq - random.nextInt(1000) : known.submittedAt(),
                state.isRunning() ? (Long) (NOW - random.nextInt(100)) : null,
                state.isTerminal() ? (Long) (NOW + random.nextInt(100)) : null,
                state.isTerminal() && hadAttempt ? (Long) (long) random.nextInt(100) : null,
                known == null ? origin() : known.origin(),
                known == null || random.nextInt(4) == 0 ? labels() : known.labels());
    }

    private JobOrigin origin() {
        return JobOrigin.of(
                random.nextInt(3) > 0 || jobs.isEmpty()
                        ? null
                        : jobs.firstEntry().getValue().id(),
                random.nextInt(3) > 0 ? null : "set" + random.nextInt(2),
                random.nextInt(3) > 0 ? null : "preset" + random.nextInt(2));
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new TreeMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            labels.put("key" + random.nextInt(3), random.nextBoolean() ? "" : "a:b \uD83D\uDC0B");
        }
        return labels;
    }

    private String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private JobState state() {
        return STATES.get(random.nextInt(STATES.size()));
    }

    private void remove(long seq) {
        jobs.remove(seq);
        index.remove(seq);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void listsWhatAPlainMapWouldList(long seed) {
        random = new Random(seed);
        long last = 0;
        for (int step = 0; step < STEPS; step++) {
            // Nearly in order, as when many threads accept jobs; sometimes far back, as when the server starts.
            last += random.nextInt(3);
            put(random.nextInt(50) == 0 ? random.nextInt((int) last + 1) : last - random.nextInt(4), state());
            if (random.nextInt(4) == 0) {
                removeSome(last);
            }
        }
        compare();
        while (!jobs.isEmpty()) {
            List<Long> left = List.copyOf(jobs.keySet());
            left.stream()
                    .filter(seq -> left.size() < 500 || random.nextInt(3) > 0)
                    .forEach(this::remove);
            compare();
        }
        put(7, JobState.PENDING);
        compare();
    }

    private void removeSome(long last) {
        Long seq = jobs.floorKey((long) random.nextInt((int) last + 1));
        if (seq != null) {
            remove(seq);
        }
        index.remove(last + 100);
    }

    private void compare() {
        assertEquals(jobs.isEmpty() ? 0 : jobs.lastKey(), index.lastSeq());
        compareFilterValues(Visibility.ALL);
        compareFilterValues(Visibility.of(Set.of("user0", "user9")));
        compare(JobQuery.newest(10));
        compare(new JobQuery(EnumSet.of(JobState.FAILED, JobState.PENDING), null, null, null, 7, 900));
        compare(new JobQuery(Set.of(), null, null, null, 500, 4000));
        compare(new JobQuery(Set.of(), "sql", null, "user1", 20, 30));
        compare(new JobQuery(Set.of(), "unknown", null, null, 20, 0));
        for (Visibility seen : List.of(Visibility.of(Set.of("user0", "user2", "user9")), Visibility.of(Set.of()))) {
            compare(JobQuery.newest(10).among(seen));
            compare(new JobQuery(EnumSet.of(JobState.FAILED, JobState.PENDING), null, "a", null, 7, 90).among(seen));
            compare(new JobQuery(Set.of(), "sql", null, "user2", 20, 3).among(seen));
            compare(new JobQuery(EnumSet.of(JobState.RUNNING), null, null, "user1", 20, 0).among(seen));
        }
        for (String text : List.of("wHaLe", "é", "SS", "aab", "鯨/", "b a", "\uD83D\uDC0B", "not there", "y x", "\na")) {
            compare(new JobQuery(Set.of(), null, text, null, 20, 5));
            compare(new JobQuery(EnumSet.of(JobState.RUNNING), "sql", text, null, 5, 2));
        }
        if (!jobs.isEmpty()) {
            IndexedJob last = jobs.lastEntry().getValue();
            String id = last.id().toString();
            for (String part : List.of(id, id.toUpperCase(Locale.ROOT), id.substring(7, 20), id.substring(0, 2))) {
                compare(new JobQuery(Set.of(), null, part, null, 20, 0));
            }
            for (JobFilter filter : filters(last)) {
                comparePlacesAndOrders(filter);
            }
        }
    }

    private void compareFilterValues(Visibility seen) {
        Map<String, Integer> submitters = new TreeMap<>();
        Map<String, Integer> labels = new TreeMap<>();
        for (IndexedJob job : jobs.values()) {
            if (seen.includes(job.submittedBy())) {
                submitters.merge(job.submittedBy(), 1, Integer::sum);
                job.labels()
                        .forEach((key, value) ->
                                labels.merge(value.isEmpty() ? key : key + ":" + value, 1, Integer::sum));
            }
        }
        FilterValues expected = new FilterValues(mostFrequent(submitters), mostFrequent(labels));
        assertEquals(expected, index.filterValues(seen, 4));
    }

    private static List<String> mostFrequent(Map<String, Integer> counts) {
        return counts.keySet().stream()
                .sorted(Comparator.comparing(value -> -counts.get(value)))
                .limit(4)
                .toList();
    }

    private List<JobFilter> filters(IndexedJob last) {
        Instant middle = Instant.ofEpochMilli(jobs.get(jobs.firstKey()).submittedAt() + last.submittedAt())
                .minusMillis(NOW)
                .plusNanos(1);
        return List.of(
                JobFilter.NONE,
                JobFilter.inStates(EnumSet.of(JobState.RUNNING)).among(Visibility.of(Set.of("user0"))),
                new JobFilter(Set.of(), null, null, null, middle, null, JobOrigin.NONE, List.of()),
                new JobFilter(Set.of(), null, null, null, Instant.MIN, middle, JobOrigin.NONE, List.of()),
                new JobFilter(
                        Set.of(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        JobOrigin.of(jobs.firstEntry().getValue().id(), null, null),
                        List.of()),
                new JobFilter(
                        Set.of(), null, null, null, null, null, new JobOrigin(null, "set1", "preset0"), List.of()),
                new JobFilter(
                        EnumSet.of(JobState.FAILED),
                        null,
                        null,
                        null,
                        null,
                        Instant.MAX,
                        JobOrigin.NONE,
                        List.of(new JobFilter.Label("key1", null), new JobFilter.Label("key2", "a:b \uD83D\uDC0B"))));
    }

    private void comparePlacesAndOrders(JobFilter filter) {
        Long place = jobs.floorKey((long) random.nextInt((int) (long) jobs.lastKey() + 1));
        List<Long> cursors = List.of(0L, place == null ? 1L : place, jobs.lastKey(), Long.MAX_VALUE);
        Long cursor = cursors.get(random.nextInt(cursors.size()));
        compare(new JobQuery(filter, null, cursor, null, 10, 0));
        compare(new JobQuery(filter, null, null, cursor, 10, 0));
        List<JobSort.Column> columns = List.of(JobSort.Column.values());
        JobSort.Column column = columns.get(random.nextInt(columns.size()));
        compare(new JobQuery(filter, new JobSort(column, random.nextBoolean()), null, null, 20, 7));
    }

    private void compare(JobQuery query) {
        JobFilter filter = query.filter();
        Predicate<IndexedJob> matches = job -> (filter.type() == null
                        || filter.type().equals(job.type()))
                && (filter.submittedBy() == null || filter.submittedBy().equals(job.submittedBy()))
                && (filter.visibility().isAll()
                        || filter.visibility().submitters().contains(job.submittedBy()))
                && (filter.origin().rerunOf() == null
                        || filter.origin().rerunOf().equals(job.origin().rerunOf()))
                && (filter.origin().runSet() == null
                        || filter.origin().runSet().equals(job.origin().runSet()))
                && (filter.origin().preset() == null
                        || filter.origin().preset().equals(job.origin().preset()))
                && (filter.since() == null || filter.since().compareTo(Instant.ofEpochMilli(job.submittedAt())) <= 0)
                && (filter.until() == null || filter.until().compareTo(Instant.ofEpochMilli(job.submittedAt())) > 0)
                && filter.labels().stream()
                        .allMatch(label -> label.value() == null
                                ? job.labels().containsKey(label.key())
                                : label.value().equals(job.labels().get(label.key())))
                && (filter.text() == null || contains(job, filter.text().toLowerCase(Locale.ROOT)));
        Map<JobState, Long> counts = new EnumMap<>(JobState.class);
        for (JobState state : JobState.values()) {
            counts.put(state, 0L);
        }
        jobs.values().stream().filter(matches).forEach(job -> counts.merge(job.state(), 1L, Long::sum));
        List<IndexedJob> found = jobs.values().stream()
                .filter(matches)
                .filter(job -> filter.includes(job.state()))
                .filter(job -> query.before() == null || job.seq() < query.before())
                .filter(job -> query.after() == null || (job.seq() > query.after() && job.seq() <= SETTLED))
                .sorted(order(query))
                .toList();
        InMemoryJobIndex.Page page = index.list(query, SETTLED, Instant.ofEpochMilli(NOW));
        assertEquals(
                found.stream()
                        .skip(query.offset())
                        .limit(query.limit())
                        .map(IndexedJob::id)
                        .toList(),
                page.ids(),
                query::toString);
        assertEquals(
                query.sort() == null && found.size() > query.offset() + query.limit(), page.more(), query::toString);
        assertEquals(counts, page.counts(), query::toString);
    }

    private static Comparator<IndexedJob> order(JobQuery query) {
        Comparator<IndexedJob> newest =
                Comparator.comparingLong(IndexedJob::seq).reversed();
        if (query.sort() == null) {
            return query.after() == null ? newest : newest.reversed();
        }
        Comparator<IndexedJob> order = switch (query.sort().column()) {
            case SUBMITTED_AT -> Comparator.comparing(IndexedJob::submittedAt);
            case FINISHED_AT -> comparing(IndexedJob::endedAt, query);
            case DURATION_MS ->
                comparing(job -> job.startedAt() == null ? job.ran() : (Long) (NOW - job.startedAt()), query);
            case NAME ->
                Comparator.comparing(
                        job -> job.searchable().lines().findFirst().orElse("").toLowerCase(Locale.ROOT));
            case TYPE -> Comparator.comparing(IndexedJob::type);
            case STATUS -> Comparator.comparing(IndexedJob::state);
            case SUBMITTED_BY -> Comparator.comparing(IndexedJob::submittedBy);
        };
        return (query.sort().descending() ? order.reversed() : order).thenComparing(newest);
    }

    /** In whichever direction, without a value last. */
    private static Comparator<IndexedJob> comparing(Function<IndexedJob, Long> value, JobQuery query) {
        Comparator<Long> nulls = query.sort().descending()
                ? Comparator.nullsFirst(Comparator.naturalOrder())
                : Comparator.nullsLast(Comparator.naturalOrder());
        return Comparator.comparing(value, nulls);
    }

    private static boolean contains(IndexedJob job, String text) {
        return job.searchable().toLowerCase(Locale.ROOT).contains(text)
                || job.id().toString().contains(text);
    }

    @Test
    void aLongTextIsSearchedToItsEnd() {
        putText(1, "begin" + "x".repeat(100_000) + "end");
        assertEquals(1, found("begin"));
        assertEquals(1, found("end"));
        assertEquals(1, found("x".repeat(1000)));
    }

    private void putText(long seq, String text) {
        index.put(new IndexedJob(
                seq, JobId.random(), state(), "sql", "me", text, NOW, NOW, null, null, JobOrigin.NONE, Map.of()));
    }

    private int found(String text) {
        return index.list(new JobQuery(Set.of(), null, text, null, 10, 0), SETTLED, Instant.EPOCH)
                .ids()
                .size();
    }

    /** New jobs come to match after the list has counted and before it has visited the oldest one. */
    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            names = {"PENDING", "RUNNING"})
    void aListHasItsOldestJobWhileOthersCome(JobState wanted) throws Exception {
        put(1, wanted);
        JobId oldest = jobs.get(1L).id();
        JobQuery query = new JobQuery(JobFilter.inStates(EnumSet.of(wanted)), null, null, null, 100, 0);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<?> changes = thread.submit(() -> {
                for (int i = 0; i < STEPS; i++) {
                    put(2, STATES.get(i % 2));
                    put(3 + i % 50, STATES.get(i % 3));
                }
            });
            while (!changes.isDone()) {
                Instant now = Instant.ofEpochMilli(NOW);
                assertTrue(index.list(query, SETTLED, now).ids().contains(oldest));
            }
            changes.get();
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void jobsThatComeAndGoLeaveNothingBehind() {
        put(1, JobState.SUCCEEDED);
        String text = "y".repeat(1000);
        for (long seq = 2; seq < 2000; seq++) {
            putText(seq, text);
            index.remove(seq);
        }
        compare();
    }
}
