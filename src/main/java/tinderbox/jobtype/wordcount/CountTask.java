package tinderbox.jobtype.wordcount;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;
import tinderbox.jobtype.Unpacking;

/** What tasks of a word count do, in the process that runs them. */
final class CountTask {
    /** The answer of {@link #countAll} and {@link #sum} where there are too many words for one table. */
    static final byte[] TOO_MANY = {};

    private static final long LEAST_MEMORY = 4L << 20;
    private static final long MOST_MEMORY = 64L << 20;

    private CountTask() {}

    /**
     * How large the table of a task may be before it is handed on. It takes up to three times as much for a moment, and
     * its words take as much again on their way out; with all tasks of this process, about a quarter of the heap.
     */
    private static long maxMemory() {
        Runtime runtime = Runtime.getRuntime();
        return Math.max(LEAST_MEMORY, Math.min(MOST_MEMORY, runtime.maxMemory() / 32 / runtime.availableProcessors()));
    }

    private static WordSource source(
            List<Segment> parts, Unpacking unpacking, OddFiles odd, WordTable table, WordForms forms) {
        TaskContext task = TaskContext.get();
        return new WordSource(
                parts,
                unpacking,
                new Tokenizer(table, !forms.caseSensitive()),
                bytes -> task.taskMetrics().inputMetrics().incBytesRead(bytes),
                odd::add);
    }

    private static void throwIfKilled() {
        if (TaskContext.get().isInterrupted()) {
            throw new TaskKilledException("the job was asked to stop");
        }
    }

    /** All words of a task's parts as {@link Counts}, or {@link #TOO_MANY}. */
    static byte[] countAll(List<Segment> parts, Unpacking unpacking, OddFiles odd, WordForms forms) throws IOException {
        WordTable table = SpareTables.take();
        try {
            return countAll(parts, unpacking, odd, forms, table);
        } finally {
            SpareTables.giveBack(table);
        }
    }

    private static byte[] countAll(
            List<Segment> parts, Unpacking unpacking, OddFiles odd, WordForms forms, WordTable table)
            throws IOException {
        long maxMemory = maxMemory();
        try (WordSource source = source(parts, unpacking, odd, table, forms)) {
            while (source.countSome()) {
                throwIfKilled();
                if (table.memory() > maxMemory) {
                    return TOO_MANY;
                }
            }
        }
        forms.apply(table);
        return Counts.of(table, table.places());
    }

    /** The words of a task's parts as {@link Counts}, divided by their hashes; one word may come several times. */
    static Iterator<Tuple2<Integer, byte[]>> countInPortions(
            List<Segment> parts, Unpacking unpacking, OddFiles odd, WordForms forms, Divisions divisions) {
        return new Portions(parts, unpacking, odd, forms, divisions);
    }

    /** Reads on when what it has is taken; holds no more than one full table. */
    private static final class Portions implements Iterator<Tuple2<Integer, byte[]>> {
        private final WordForms forms;
        private final Divisions divisions;
        private final long maxMemory = maxMemory();
        private final WordTable table = new WordTable();
        private final WordSource source;
        private final Queue<Tuple2<Integer, byte[]>> ready = new ArrayDeque<>();
        private boolean ended;

        private Portions(List<Segment> parts, Unpacking unpacking, OddFiles odd, WordForms forms, Divisions divisions) {
            this.forms = forms;
            this.divisions = divisions;
            this.source = source(parts, unpacking, odd, table, forms);
            TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> close());
        }

        private void close() {
            try {
                source.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public boolean hasNext() {
            try {
                while (ready.isEmpty() && !ended) {
                    ended = !source.countSome();
                    throwIfKilled();
                    if (ended || table.memory() > maxMemory) {
                        hand();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return !ready.isEmpty();
        }

        @Override
        public Tuple2<Integer, byte[]> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ready.remove();
        }

        private void hand() throws IOException {
            forms.apply(table);
            ready.addAll(divided(table, divisions, 0));
            table.clear();
        }
    }

    private static List<Tuple2<Integer, byte[]>> divided(WordTable table, Divisions divisions, int first) {
        Counts[] divided = new Counts[divisions.count()];
        for (int place : table.places()) {
            int division = divisions.of(table.hashAt(place));
            if (divided[division] == null) {
                divided[division] = new Counts();
            }
            divided[division].add(table, place);
        }
        List<Tuple2<Integer, byte[]>> portions = new ArrayList<>();
        for (int i = 0; i < divided.length; i++) {
            if (divided[i] != null) {
                portions.add(new Tuple2<>(first + i, divided[i].toBytes()));
            }
        }
        return portions;
    }

    /**
     * Divides a portion of a division.
     *
     * @param first the number of the first of the new divisions
     */
    static Iterator<Tuple2<Integer, byte[]>> divide(byte[] portion, Divisions divisions, int first) throws IOException {
        throwIfKilled();
        WordTable table = new WordTable();
        Counts.addAll(portion, table);
        return divided(table, divisions, first).iterator();
    }

    /**
     * One division's words, each once, in the order of the result; or {@link #TOO_MANY}.
     *
     * @param maxMemory how large a table of more than one word may be, in bytes
     */
    static byte[] sum(Iterator<Tuple2<Integer, byte[]>> portions, long maxMemory) throws IOException {
        WordTable table = new WordTable();
        table.askToGrow(bytes -> bytes <= maxMemory);
        try {
            while (portions.hasNext()) {
                Counts.addAll(portions.next()._2(), table);
                throwIfKilled();
                if (table.memory() > maxMemory && table.size() > 1) {
                    return TOO_MANY;
                }
            }
        } catch (WordTable.FullException e) {
            return TOO_MANY;
        }
        return Counts.of(table, ResultOrder.of(table));
    }
}
