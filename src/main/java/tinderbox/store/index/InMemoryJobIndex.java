package tinderbox.store.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.Visibility;

/**
 * What lists, counts and searches need of every job, in memory: about 240 bytes a job, and at most {@link
 * JobRequest#MAX_SEARCH_TEXT} characters more for what its type has searched. A list without a filter, or filtered by
 * state or submitter alone, ends with its page or its last job; every other list visits all jobs. It takes no lock: a job that changes meanwhile
 * appears as it was or as it is.
 */
public final class InMemoryJobIndex {
    private static final int ID_LENGTH = 36;

    /** By the negative sequence number, so that iteration runs from the newest job to the oldest. */
    private final ConcurrentNavigableMap<Long, Row> jobs = new ConcurrentSkipListMap<>();

    private final Counts counts = new Counts();
    /** By the names of submitters who have jobs. */
    private final Map<String, Counts> submitterCounts = new HashMap<>();
    /** One instance of each job type and submitter; there are few of them. */
    private final Map<String, String> names = new HashMap<>();

    /** A job; its text is its id, name and search text in lower case, from a new line each. */
    private record Row(JobState state, String type, String submitter, String text) {
        JobId id() {
            return JobId.parse(text.substring(0, ID_LENGTH));
        }

        boolean matches(JobQuery query, Visibility submitters, String substring, int from) {
            return (query.type() == null || query.type().equals(type))
                    && submitters.includes(submitter)
                    && (substring.isEmpty() || text.indexOf(substring, from) >= 0);
        }
    }

    /** The jobs of one page, newest first, and how many there are in each state under the query's other filters. */
    public record Page(List<JobId> ids, Map<JobState, Long> counts) {}

    /** Adds a job, or updates the state of one that is here. */
    public void put(Job job) {
        JobRequest request = job.request();
        put(request.seq(), job.id(), job.state(), request.type(), request.submittedBy(), searchable(request));
    }

    /** The text that a search examines, besides the id. */
    static String searchable(JobRequest request) {
        return request.name() + '\n' + request.searchText();
    }

    /** Adds a job, or updates the state of one that is here. */
    public synchronized void put(long seq, JobId id, JobState state, String type, String submitter, String searchable) {
        Row known = jobs.get(-seq);
        Row row = known == null
                ? new Row(state, shared(type), shared(submitter), id + "\n" + searchable.toLowerCase(Locale.ROOT))
                : new Row(state, known.type, known.submitter, known.text);
        jobs.put(-seq, row);
        count(row, 1);
        if (known != null) {
            count(known, -1);
        }
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
        }
    }

    /** The greatest sequence number, or 0. */
    public long lastSeq() {
        Map.Entry<Long, Row> newest = jobs.firstEntry();
        return newest == null ? 0 : -newest.getKey();
    }

    /** Lists the newest jobs that match, and counts all of them. */
    public Page list(JobQuery query) {
        String text = query.text() == null ? "" : query.text().toLowerCase(Locale.ROOT);
        // A text that cannot be part of an id is searched for after the line of the id.
        int from = text.chars().allMatch(c -> "-0123456789abcdef".indexOf(c) >= 0) ? 0 : ID_LENGTH + 1;
        Visibility submitters = query.submitters();
        boolean isCounted = query.type() == null && text.isEmpty();
        Counts found = isCounted ? counts(submitters) : new Counts();
        Set<JobState> states = query.states().isEmpty() ? EnumSet.allOf(JobState.class) : query.states();
        long end = query.offset() + query.limit();
        // With the counts known, the scan ends with the page or with the last job in these states.
        long last = isCounted ? Math.min(end, found.sum(states)) : Long.MAX_VALUE;
        List<JobId> ids = new ArrayList<>();
        long passed = 0;
        for (Iterator<Row> rows = jobs.values().iterator(); passed < last && rows.hasNext(); ) {
            Row row = rows.next();
            if (!row.matches(query, submitters, text, from)) {
                continue;
            }
            if (!isCounted) {
                found.add(row.state, 1);
            }
            if (states.contains(row.state)) {
                if (passed >= query.offset() && passed < end) {
                    ids.add(row.id());
                }
                passed++;
            }
        }
        return new Page(ids, found.toMap());
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

        long sum(Set<JobState> states) {
            return states.stream().mapToLong(this::get).sum();
        }

        Map<JobState, Long> toMap() {
            Map<JobState, Long> map = new EnumMap<>(JobState.class);
            EnumSet.allOf(JobState.class).forEach(state -> map.put(state, get(state)));
            return map;
        }
    }
}
