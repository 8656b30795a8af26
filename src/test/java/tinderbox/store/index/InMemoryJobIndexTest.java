package tinderbox.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
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
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.job.JobId;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.Visibility;

class InMemoryJobIndexTest {
    private static final int STEPS = 20_000;
    private static final List<String> WORDS =
            List.of("Whale", "WHALES", "ahab", "Straße", "ÉTÉ", "鯨", "a", "ab", "aab", "x\uD83D\uDC0By", "");

    private static final List<JobState> STATES = List.copyOf(EnumSet.allOf(JobState.class));

    private final InMemoryJobIndex index = new InMemoryJobIndex();
    private final NavigableMap<Long, JobRequest> requests = new TreeMap<>();
    private final Map<Long, JobState> states = new TreeMap<>();
    private Random random = new Random(1);

    private void put(long seq, JobState state) {
        JobRequest request = requests.computeIfAbsent(seq, this::request);
        states.put(seq, state);
        index.put(
                seq, request.id(), state, request.type(), request.submittedBy(), InMemoryJobIndex.searchable(request));
    }

    private JobRequest request(long seq) {
        String input = random.nextInt(3) == 0 ? "" : word() + "/" + word();
        return new JobRequest(
                new JobId(new UUID(random.nextLong(), random.nextLong())),
                seq,
                random.nextBoolean() ? "word-count" : "sql",
                word() + " " + word(),
                true,
                input.isEmpty() ? Map.of() : Map.of("input", input),
                List.of(),
                "",
                "user" + random.nextInt(3),
                Instant.EPOCH,
                null,
                null);
    }

    private String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private JobState state() {
        return STATES.get(random.nextInt(STATES.size()));
    }

    private void remove(long seq) {
        requests.remove(seq);
        states.remove(seq);
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
        while (!requests.isEmpty()) {
            List<Long> left = List.copyOf(requests.keySet());
            left.stream()
                    .filter(seq -> left.size() < 500 || random.nextInt(3) > 0)
                    .forEach(this::remove);
            compare();
        }
        put(7, JobState.PENDING);
        compare();
    }

    private void removeSome(long last) {
        Long seq = requests.floorKey((long) random.nextInt((int) last + 1));
        if (seq != null) {
            remove(seq);
        }
        index.remove(last + 100);
    }

    private void compare() {
        assertEquals(requests.isEmpty() ? 0 : requests.lastKey(), index.lastSeq());
        compare(JobQuery.newest(10));
        compare(new JobQuery(EnumSet.of(JobState.FAILED, JobState.PENDING), null, null, null, 7, 900));
        compare(new JobQuery(Set.of(), null, null, null, 500, 4000));
        compare(new JobQuery(Set.of(), "sql", null, "user1", 20, 30));
        compare(new JobQuery(Set.of(), "unknown", null, null, 20, 0));
        for (Visibility seen : List.of(Visibility.of(Set.of("user0", "user2", "user9")), Visibility.of(Set.of()))) {
            compare(JobQuery.newest(10).among(seen));
            compare(new JobQuery(EnumSet.of(JobState.FAILED, JobState.PENDING), null, "a", null, 7, 90, seen));
            compare(new JobQuery(Set.of(), "sql", null, "user2", 20, 3, seen));
            compare(new JobQuery(EnumSet.of(JobState.RUNNING), null, null, "user1", 20, 0, seen));
        }
        for (String text : List.of("wHaLe", "é", "SS", "aab", "鯨/", "b a", "\uD83D\uDC0B", "not there", "y x", "\na")) {
            compare(new JobQuery(Set.of(), null, text, null, 20, 5));
            compare(new JobQuery(EnumSet.of(JobState.RUNNING), "sql", text, null, 5, 2));
        }
        if (!requests.isEmpty()) {
            String id = requests.lastEntry().getValue().id().toString();
            for (String part : List.of(id, id.toUpperCase(Locale.ROOT), id.substring(7, 20), id.substring(0, 2))) {
                compare(new JobQuery(Set.of(), null, part, null, 20, 0));
            }
        }
    }

    private void compare(JobQuery query) {
        Predicate<JobRequest> matches = request -> (query.type() == null
                        || query.type().equals(request.type()))
                && (query.submittedBy() == null || query.submittedBy().equals(request.submittedBy()))
                && (query.visibility().isAll()
                        || query.visibility().submitters().contains(request.submittedBy()))
                && (query.text() == null || contains(request, query.text().toLowerCase(Locale.ROOT)));
        List<JobId> ids = new ArrayList<>();
        Map<JobState, Long> counts = new EnumMap<>(JobState.class);
        for (JobState state : JobState.values()) {
            counts.put(state, 0L);
        }
        requests.descendingMap().values().stream().filter(matches).forEach(request -> {
            JobState state = states.get(request.seq());
            counts.merge(state, 1L, Long::sum);
            if (query.states().isEmpty() || query.states().contains(state)) {
                ids.add(request.id());
            }
        });
        InMemoryJobIndex.Page page = index.list(query);
        assertEquals(ids.stream().skip(query.offset()).limit(query.limit()).toList(), page.ids(), query::toString);
        assertEquals(counts, page.counts(), query::toString);
    }

    private static boolean contains(JobRequest request, String text) {
        return InMemoryJobIndex.searchable(request).toLowerCase(Locale.ROOT).contains(text)
                || request.id().toString().contains(text);
    }

    @Test
    void aLongTextIsSearchedToItsEnd() {
        index.put(1, JobId.random(), JobState.PENDING, "sql", "me", "begin" + "x".repeat(100_000) + "end");
        assertEquals(1, found("begin"));
        assertEquals(1, found("end"));
        assertEquals(1, found("x".repeat(1000)));
    }

    private int found(String text) {
        return index.list(new JobQuery(Set.of(), null, text, null, 10, 0)).ids().size();
    }

    @Test
    void jobsThatComeAndGoLeaveNothingBehind() {
        put(1, JobState.SUCCEEDED);
        String text = "y".repeat(1000);
        for (long seq = 2; seq < 2000; seq++) {
            index.put(seq, JobId.random(), state(), "sql", "me", text);
            index.remove(seq);
        }
        compare();
    }
}
