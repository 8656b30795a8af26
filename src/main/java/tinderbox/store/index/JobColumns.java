package tinderbox.store.index;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import tinderbox.job.JobId;
import tinderbox.job.JobState;

/**
 * Up to {@value #MOST} jobs of the {@link InMemoryJobIndex} in the order of acceptance, column by column: 39 bytes a job and
 * its searchable text. Guarded by its own monitor.
 */
final class JobColumns {
    static final int MOST = 4096;
    /** Only so many bytes of a text are searched; accepted names and inputs are shorter. */
    static final int MOST_TEXT = Character.MAX_VALUE;

    private static final JobState[] STATES = JobState.values();
    private static final int FIRST_TEXT = 1 << 14;

    private final long[] seqs;
    private final long[] highs;
    private final long[] lows;
    private final byte[] states;
    private final int[] types;
    private final int[] submitters;
    private final int[] starts;
    private final char[] lengths;
    private final int[] counts = new int[STATES.length];
    private byte[] text = new byte[FIRST_TEXT];
    private int used;
    private int unused;
    private int size;

    JobColumns() {
        this(MOST);
    }

    private JobColumns(int capacity) {
        seqs = new long[capacity];
        highs = new long[capacity];
        lows = new long[capacity];
        states = new byte[capacity];
        types = new int[capacity];
        submitters = new int[capacity];
        starts = new int[capacity];
        lengths = new char[capacity];
    }

    /** The number of a state in this process. */
    @SuppressWarnings("EnumOrdinal")
    static byte code(JobState state) {
        return (byte) state.ordinal();
    }

    int size() {
        return size;
    }

    int textBytes() {
        return text.length;
    }

    boolean isFull() {
        return size == seqs.length;
    }

    long firstSeq() {
        return seqs[0];
    }

    long lastSeq() {
        return seqs[size - 1];
    }

    /** Where the job with this sequence number is or belongs, as {@link Arrays#binarySearch} returns it. */
    int find(long seq) {
        return Arrays.binarySearch(seqs, 0, size, seq);
    }

    /** Inserts a job at an index; those from there on move up. */
    void insert(int at, InMemoryJobIndex.Row row) {
        open(seqs, at);
        open(highs, at);
        open(lows, at);
        open(states, at);
        open(types, at);
        open(submitters, at);
        open(starts, at);
        open(lengths, at);
        seqs[at] = row.seq();
        highs[at] = row.id().value().getMostSignificantBits();
        lows[at] = row.id().value().getLeastSignificantBits();
        states[at] = code(row.state());
        types[at] = row.type();
        submitters[at] = row.submitter();
        counts[states[at]]++;
        size++;
        byte[] searchable = SubstringMatcher.bytes(row.searchable());
        append(at, searchable, 0, Math.min(searchable.length, MOST_TEXT));
        if (isFull()) {
            text = Arrays.copyOf(text, used);
        }
    }

    private void append(int at, byte[] from, int start, int length) {
        if (used + length > text.length) {
            text = Arrays.copyOf(text, Math.max(used + length, text.length + (text.length >> 1)));
        }
        System.arraycopy(from, start, text, used, length);
        starts[at] = used;
        lengths[at] = (char) length;
        used += length;
    }

    /** Makes room at an index of a column. */
    private void open(Object column, int at) {
        System.arraycopy(column, at, column, at + 1, size - at);
    }

    /** Removes a job; those behind it move down. */
    void remove(int at) {
        counts[states[at]]--;
        unused += lengths[at];
        size--;
        close(seqs, at);
        close(highs, at);
        close(lows, at);
        close(states, at);
        close(types, at);
        close(submitters, at);
        close(starts, at);
        close(lengths, at);
    }

    private void close(Object column, int at) {
        System.arraycopy(column, at + 1, column, at, size - at);
    }

    /** Whether the texts of removed jobs take more memory than a copy is worth. */
    boolean wastesText() {
        return unused > Math.max(FIRST_TEXT, used / 2);
    }

    /** Whether most of its room is empty. */
    boolean isSparse() {
        return size < seqs.length / 4;
    }

    void setState(int at, JobState state) {
        counts[states[at]]--;
        states[at] = code(state);
        counts[states[at]]++;
    }

    /** A block with these jobs of this one, and room for more. */
    JobColumns copy(int from, int to) {
        JobColumns copy = new JobColumns();
        copy.take(this, from, to);
        return copy;
    }

    /** A block without room for more, with all jobs of some blocks. */
    static JobColumns packed(List<JobColumns> blocks) {
        JobColumns packed =
                new JobColumns(blocks.stream().mapToInt(JobColumns::size).sum());
        blocks.forEach(block -> packed.take(block, 0, block.size));
        packed.text = Arrays.copyOf(packed.text, packed.used);
        return packed;
    }

    private void take(JobColumns other, int from, int to) {
        int count = to - from;
        System.arraycopy(other.seqs, from, seqs, size, count);
        System.arraycopy(other.highs, from, highs, size, count);
        System.arraycopy(other.lows, from, lows, size, count);
        System.arraycopy(other.states, from, states, size, count);
        System.arraycopy(other.types, from, types, size, count);
        System.arraycopy(other.submitters, from, submitters, size, count);
        for (int i = from; i < to; i++) {
            append(size++, other.text, other.starts[i], other.lengths[i]);
            counts[other.states[i]]++;
        }
    }

    /** Adds its matching jobs, newest first, to the result of a query. */
    void scan(InMemoryJobIndex.Scan scan) {
        if (scan.takesAll()) {
            scanByState(scan);
            return;
        }
        SubstringMatcher substringMatcher = scan.text();
        for (int i = size - 1; i >= 0; i--) {
            boolean matches = (scan.type() == InMemoryJobIndex.ANY || scan.type() == types[i])
                    && (scan.submitter() == InMemoryJobIndex.ANY || scan.submitter() == submitters[i])
                    && (substringMatcher == null
                            || substringMatcher.isIn(text, starts[i], starts[i] + lengths[i])
                            || substringMatcher.isInId(highs[i], lows[i]));
            if (matches) {
                scan.count(states[i], 1);
                if (scan.takes(states[i])) {
                    take(scan, i);
                }
            }
        }
    }

    /** Counts the block as a whole, and skips it as a whole if it comes before the page. */
    private void scanByState(InMemoryJobIndex.Scan scan) {
        int wanted = 0;
        for (int state = 0; state < counts.length; state++) {
            scan.count(state, counts[state]);
            wanted += scan.takes(state) ? counts[state] : 0;
        }
        if (scan.isFull() || scan.passOver(wanted)) {
            return;
        }
        for (int i = wanted == size ? size - 1 - scan.passRest() : size - 1; i >= 0 && !scan.isFull(); i--) {
            if (scan.takes(states[i])) {
                take(scan, i);
            }
        }
    }

    private void take(InMemoryJobIndex.Scan scan, int i) {
        if (scan.takeNext()) {
            scan.add(new JobId(new UUID(highs[i], lows[i])));
        }
    }
}
