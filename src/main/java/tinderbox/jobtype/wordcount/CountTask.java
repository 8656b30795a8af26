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
import tinderbox.jobtype.DecompressionGuard;

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
            List<InputSplit> parts,
            DecompressionGuard decompressionGuard,
            NonTextFiles odd,
            WordTable table,
            TokenNormalizer forms) {
        TaskContext task = TaskContext.get();
        return new WordSource(
                parts,
                decompressionGuard,
                new Tokenizer(table, !forms.caseSensitive()),
                bytes -> task.taskMetrics().inputMetrics().incBytesRead(bytes),
                odd::add);
    }

    private static void throwIfKilled() {
        if (TaskContext.get().isInterrupted()) {
            throw new TaskKilledException("the job was asked to stop");
        }
    }

    /** All words of a task's parts as {@link EncodedCounts}, or {@link #TOO_MANY}. */
    static byte[] countAll(
            List<InputSplit> parts, DecompressionGuard decompressionGuard, NonTextFiles odd, TokenNormalizer forms)
            throws IOException {
        WordTable table = WordTablePool.take();
        try {
            return countAll(parts, decompressionGuard, odd, forms, table);
        } finally {
            WordTablePool.release(table);
        }
    }

    private static byte[] countAll(
            List<InputSplit> parts,
            DecompressionGuard decompressionGuard,
            NonTextFiles odd,
            TokenNormalizer forms,
            WordTable table)
            throws IOException {
        long maxMemory = maxMemory();
        try (WordSource source = source(parts, decompressionGuard, odd, table, forms)) {
            while (source.countSome()) {
                throwIfKilled();
                if (table.memory() > maxMemory) {
                    return TOO_MANY;
                }
            }
        }
        forms.apply(table);
        return EncodedCounts.of(table, table.places());
    }

    /** The words of a task's parts as {@link EncodedCounts}, divided by their hashes; one word may come several times. */
    static Iterator<Tuple2<Integer, byte[]>> countInPortions(
            List<InputSplit> parts,
            DecompressionGuard decompressionGuard,
            NonTextFiles odd,
            TokenNormalizer forms,
            HashPartitions hashPartitions) {
        return new Portions(parts, decompressionGuard, odd, forms, hashPartitions);
    }

    /** Reads on when what it has is taken; holds no more than one full table. */
    private static final class Portions implements Iterator<Tuple2<Integer, byte[]>> {
        private final TokenNormalizer forms;
        private final HashPartitions hashPartitions;
        private final long maxMemory = maxMemory();
        private final WordTable table = new WordTable();
        private final WordSource source;
        private final Queue<Tuple2<Integer, byte[]>> ready = new ArrayDeque<>();
        private boolean ended;

        private Portions(
                List<InputSplit> parts,
                DecompressionGuard decompressionGuard,
                NonTextFiles odd,
                TokenNormalizer forms,
                HashPartitions hashPartitions) {
            this.forms = forms;
            this.hashPartitions = hashPartitions;
            this.source = source(parts, decompressionGuard, odd, table, forms);
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
            ready.addAll(divided(table, hashPartitions, 0));
            table.clear();
        }
    }

    private static List<Tuple2<Integer, byte[]>> divided(WordTable table, HashPartitions hashPartitions, int first) {
        EncodedCounts[] divided = new EncodedCounts[hashPartitions.count()];
        for (int place : table.places()) {
            int division = hashPartitions.of(table.hashAt(place));
            if (divided[division] == null) {
                divided[division] = new EncodedCounts();
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
    static Iterator<Tuple2<Integer, byte[]>> divide(byte[] portion, HashPartitions hashPartitions, int first)
            throws IOException {
        throwIfKilled();
        WordTable table = new WordTable();
        EncodedCounts.addAll(portion, table);
        return divided(table, hashPartitions, first).iterator();
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
                EncodedCounts.addAll(portions.next()._2(), table);
                throwIfKilled();
                if (table.memory() > maxMemory && table.size() > 1) {
                    return TOO_MANY;
                }
            }
        } catch (WordTable.FullException e) {
            return TOO_MANY;
        }
        return EncodedCounts.of(table, ResultOrder.of(table));
    }
}
