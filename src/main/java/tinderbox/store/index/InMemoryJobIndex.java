package tinderbox.store.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;

/**
 * All jobs in memory, as far as lists, counts and searches need them, in the order of acceptance. A job takes 39 bytes
 * and its name and input in UTF-8: about 100 bytes for a word count, so 10 MB for the 100,000 jobs that are kept where
 * nothing is said. What is not filtered by text, type or submitter takes as long as there are blocks of {@value
 * JobColumns#MOST} jobs; anything else is one pass over bytes. The names of types and submitters are never forgotten;
 * there are few of them.
 *
 * <p>A list is made block by block: a job that changes meanwhile is in it as it was or as it is.
 */
public final class InMemoryJobIndex {
    /** In the place of the number of a type or submitter: whatever it is. */
    static final int ANY = -1;

    private static final int UNKNOWN = -2;
    private static final JobState[] STATES = JobState.values();

    private final Map<String, Integer> types = new HashMap<>();
    private final Map<String, Integer> submitters = new HashMap<>();
    /** Oldest first. Whoever changes which blocks there are puts a new array here, and leaves the old blocks alone. */
    private volatile JobColumns[] blocks = {};

    /** A job as it is put in; type and submitter by their numbers. */
    record Row(long seq, JobId id, JobState state, int type, int submitter, String searchable) {}

    /** The jobs of one page, newest first, and how many there are in each state under the query's other filters. */
    public record Page(List<JobId> ids, Map<JobState, Long> counts) {}

    /** Puts a job in, or has what is in follow its state. */
    public void put(Job job) {
        JobRequest request = job.request();
        put(request.seq(), job.id(), job.state(), request.type(), request.submittedBy(), searchable(request));
    }

    /** What is searched of a job beside its id. */
    static String searchable(JobRequest request) {
        Object input = request.params().get("input");
        return request.name() + '\n' + (input == null ? "" : input);
    }

    /** The same for a job of which only so much is at hand. */
    public synchronized void put(long seq, JobId id, JobState state, String type, String submitter, String searchable) {
        int number = blockOf(seq);
        if (number >= 0) {
            JobColumns block = blocks[number];
            synchronized (block) {
                int at = block.find(seq);
                if (at >= 0) {
                    block.setState(at, state);
                    return;
                }
            }
        }
        insert(
                Math.max(0, number),
                new Row(seq, id, state, number(types, type), number(submitters, submitter), searchable));
    }

    private static int number(Map<String, Integer> numbers, String name) {
        return numbers.computeIfAbsent(name, unknown -> numbers.size());
    }

    /** The block whose jobs begin at or before this number; -1 before the first. */
    private int blockOf(long seq) {
        int low = 0;
        int high = blocks.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (blocks[middle].firstSeq() <= seq) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    private void insert(int number, Row row) {
        if (blocks.length == 0) {
            blocks = new JobColumns[] {new JobColumns()};
        }
        JobColumns block = blocks[number];
        if (block.isFull()) {
            boolean isLast = number == blocks.length - 1 && block.lastSeq() < row.seq();
            // Jobs come in their order but for the few that are accepted at the same time.
            JobColumns next = isLast ? new JobColumns() : block.copy(block.size() / 2, block.size());
            JobColumns first = isLast ? block : block.copy(0, block.size() / 2);
            if (isLast || row.seq() > next.firstSeq()) {
                add(next, row);
            } else {
                add(first, row);
            }
            replace(number, 1, first, next);
            return;
        }
        synchronized (block) {
            add(block, row);
        }
    }

    private static void add(JobColumns block, Row row) {
        block.insert(-1 - block.find(row.seq()), row);
    }

    /** Takes a job out. */
    public synchronized void remove(long seq) {
        int number = blockOf(seq);
        JobColumns block = number < 0 ? null : blocks[number];
        int at = block == null ? -1 : block.find(seq);
        if (at < 0) {
            return;
        }
        if (block.size() == 1) {
            replace(number, 1);
            return;
        }
        synchronized (block) {
            block.remove(at);
        }
        tidy(number, block);
    }

    /** Copies what is left in a block where that saves memory, together with the next one where both are small. */
    private void tidy(int number, JobColumns block) {
        if (number == blocks.length - 1) {
            if (block.wastesText()) {
                replace(number, 1, block.copy(0, block.size()));
            }
        } else if (block.isSparse() || block.wastesText()) {
            JobColumns next = blocks[number + 1];
            boolean joins = number + 1 < blocks.length - 1 && block.size() + next.size() <= JobColumns.MOST / 2;
            replace(number, joins ? 2 : 1, JobColumns.packed(joins ? List.of(block, next) : List.of(block)));
        }
    }

    private void replace(int number, int count, JobColumns... by) {
        List<JobColumns> changed = new ArrayList<>(List.of(blocks));
        changed.subList(number, number + count).clear();
        changed.addAll(number, List.of(by));
        blocks = changed.toArray(new JobColumns[0]);
    }

    /** The greatest number in the order of acceptance, or 0. */
    public synchronized long lastSeq() {
        return blocks.length == 0 ? 0 : blocks[blocks.length - 1].lastSeq();
    }

    /** What the searchable texts take, in bytes. */
    synchronized long textBytes() {
        return Arrays.stream(blocks).mapToLong(JobColumns::textBytes).sum();
    }

    /** Some jobs, and how many there are. */
    public Page list(JobQuery query) {
        Scan scan;
        synchronized (this) {
            scan = new Scan(query, types, submitters);
        }
        JobColumns[] all = blocks;
        for (int i = all.length - 1; i >= 0; i--) {
            JobColumns block = all[i];
            synchronized (block) {
                block.scan(scan);
            }
        }
        return scan.page();
    }

    /** A query under way: what it asks for, and what has been found so far. */
    static final class Scan {
        private final int states;
        private final int type;
        private final int submitter;
        private final SubstringMatcher text;
        private final int limit;
        private final long[] counts = new long[STATES.length];
        private final List<JobId> ids = new ArrayList<>();
        private long toPass;

        private Scan(JobQuery query, Map<String, Integer> types, Map<String, Integer> submitters) {
            this.states = query.states().stream()
                    .mapToInt(state -> 1 << JobColumns.code(state))
                    .reduce((one, other) -> one | other)
                    .orElse((1 << STATES.length) - 1);
            this.type = number(query.type(), types);
            this.submitter = number(query.submittedBy(), submitters);
            this.text = query.text() == null || query.text().isEmpty() ? null : new SubstringMatcher(query.text());
            this.limit = query.limit();
            this.toPass = query.offset();
        }

        private static int number(String name, Map<String, Integer> numbers) {
            return name == null ? ANY : numbers.getOrDefault(name, UNKNOWN);
        }

        int type() {
            return type;
        }

        int submitter() {
            return submitter;
        }

        SubstringMatcher text() {
            return text;
        }

        /** Whether nothing but the state decides. */
        boolean takesAll() {
            return type == ANY && submitter == ANY && text == null;
        }

        boolean takes(int state) {
            return (states & 1 << state) != 0;
        }

        void count(int state, int jobs) {
            counts[state] += jobs;
        }

        boolean isFull() {
            return ids.size() == limit;
        }

        /** Passes so many jobs over where all of them come before the page; else none. */
        boolean passOver(int jobs) {
            if (toPass < jobs) {
                return false;
            }
            toPass -= jobs;
            return true;
        }

        /** Passes over what is left to pass, and answers how many that was. */
        int passRest() {
            int rest = (int) toPass;
            toPass = 0;
            return rest;
        }

        /** Whether the next job that matches is on the page. */
        boolean takeNext() {
            if (toPass > 0) {
                toPass--;
                return false;
            }
            return !isFull();
        }

        void add(JobId id) {
            ids.add(id);
        }

        private Page page() {
            Map<JobState, Long> byState = new EnumMap<>(JobState.class);
            for (JobState state : STATES) {
                byState.put(state, counts[JobColumns.code(state)]);
            }
            return new Page(ids, byState);
        }
    }
}
