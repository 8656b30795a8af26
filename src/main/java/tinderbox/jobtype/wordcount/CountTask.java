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
import tinderbox.dataset.DecompressionGuard;

/** The work of a word count's tasks. */
final class CountTask {
    /** The result of {@link #countAll} and {@link #sum} if there are too many words for one table. */
    static final byte[] TOO_MANY_WORDS = {};

    private static final long MIN_TABLE_BYTES = 4L << 20;
    private static final long MAX_TABLE_BYTES = 64L << 20;

    private CountTask() {}

    /**
     * How large the table of a task may become before it is written out. While it grows it briefly takes three times as
     * much, and its encoded words take as much again. For all tasks of this process, that is about a quarter of the heap.
     */
    private static long maxTableBytes() {
        Runtime runtime = Runtime.getRuntime();
        return Math.max(
                MIN_TABLE_BYTES, Math.min(MAX_TABLE_BYTES, runtime.maxMemory() / 32 / runtime.availableProcessors()));
    }

    private static WordSource source(
            List<InputSplit> splits,
            DecompressionGuard decompressionGuard,
            NonTextFiles nonTextFiles,
            WordTable table,
            TokenNormalizer normalizer) {
        TaskContext task = TaskContext.get();
        return new WordSource(
                splits,
                decompressionGuard,
                new Tokenizer(table, !normalizer.caseSensitive()),
                bytes -> task.taskMetrics().inputMetrics().incBytesRead(bytes),
                nonTextFiles::add);
    }

    private static void throwIfKilled() {
        if (TaskContext.get().isInterrupted()) {
            throw new TaskKilledException("the job was cancelled");
        }
    }

    /** Counts all words of a task's splits; returns {@link EncodedCounts}, or {@link #TOO_MANY_WORDS}. */
    static byte[] countAll(
            List<InputSplit> splits,
            DecompressionGuard decompressionGuard,
            NonTextFiles nonTextFiles,
            TokenNormalizer normalizer)
            throws IOException {
        WordTable table = WordTablePool.take();
        try {
            return countAll(splits, decompressionGuard, nonTextFiles, normalizer, table);
        } finally {
            WordTablePool.release(table);
        }
    }

    private static byte[] countAll(
            List<InputSplit> splits,
            DecompressionGuard decompressionGuard,
            NonTextFiles nonTextFiles,
            TokenNormalizer normalizer,
            WordTable table)
            throws IOException {
        long maxMemory = maxTableBytes();
        try (WordSource source = source(splits, decompressionGuard, nonTextFiles, table, normalizer)) {
            while (source.countNext()) {
                throwIfKilled();
                if (table.memoryBytes() > maxMemory) {
                    return TOO_MANY_WORDS;
                }
            }
        }
        normalizer.apply(table);
        return EncodedCounts.of(table, table.entries());
    }

    /** Counts the words of a task's splits; returns {@link EncodedCounts} by hash partition. A word may occur in several. */
    static Iterator<Tuple2<Integer, byte[]>> countPartitioned(
            List<InputSplit> splits,
            DecompressionGuard decompressionGuard,
            NonTextFiles nonTextFiles,
            TokenNormalizer normalizer,
            HashPartitions hashPartitions) {
        return new PortionIterator(splits, decompressionGuard, nonTextFiles, normalizer, hashPartitions);
    }

    /** Reads more input when its portions are used up. Holds at most one full table. */
    private static final class PortionIterator implements Iterator<Tuple2<Integer, byte[]>> {
        private final TokenNormalizer normalizer;
        private final HashPartitions hashPartitions;
        private final long maxMemory = maxTableBytes();
        private final WordTable table = new WordTable();
        private final WordSource source;
        private final Queue<Tuple2<Integer, byte[]>> ready = new ArrayDeque<>();
        private boolean exhausted;

        private PortionIterator(
                List<InputSplit> splits,
                DecompressionGuard decompressionGuard,
                NonTextFiles nonTextFiles,
                TokenNormalizer normalizer,
                HashPartitions hashPartitions) {
            this.normalizer = normalizer;
            this.hashPartitions = hashPartitions;
            this.source = source(splits, decompressionGuard, nonTextFiles, table, normalizer);
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
                while (ready.isEmpty() && !exhausted) {
                    exhausted = !source.countNext();
                    throwIfKilled();
                    if (exhausted || table.memoryBytes() > maxMemory) {
                        flush();
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

        private void flush() throws IOException {
            normalizer.apply(table);
            ready.addAll(partition(table, hashPartitions, 0));
            table.clear();
        }
    }

    private static List<Tuple2<Integer, byte[]>> partition(WordTable table, HashPartitions hashPartitions, int first) {
        EncodedCounts[] partitions = new EncodedCounts[hashPartitions.count()];
        for (int entry : table.entries()) {
            int partition = hashPartitions.partitionOf(table.hashAt(entry));
            if (partitions[partition] == null) {
                partitions[partition] = new EncodedCounts();
            }
            partitions[partition].add(table, entry);
        }
        List<Tuple2<Integer, byte[]>> portions = new ArrayList<>();
        for (int i = 0; i < partitions.length; i++) {
            if (partitions[i] != null) {
                portions.add(new Tuple2<>(first + i, partitions[i].toBytes()));
            }
        }
        return portions;
    }

    /**
     * Divides a portion of one partition into smaller partitions.
     *
     * @param first the index of the first of the new partitions
     */
    static Iterator<Tuple2<Integer, byte[]>> repartition(byte[] portion, HashPartitions hashPartitions, int first)
            throws IOException {
        throwIfKilled();
        WordTable table = new WordTable();
        EncodedCounts.addAll(portion, table);
        return partition(table, hashPartitions, first).iterator();
    }

    /**
     * Adds up the counts of one partition.
     *
     * @param maxMemory how large a table of more than one word may be, in bytes
     * @return each word once, in the order of the result; or {@link #TOO_MANY_WORDS}
     */
    static byte[] sum(Iterator<Tuple2<Integer, byte[]>> portions, long maxMemory) throws IOException {
        WordTable table = new WordTable();
        table.limitGrowth(bytes -> bytes <= maxMemory);
        try {
            while (portions.hasNext()) {
                EncodedCounts.addAll(portions.next()._2(), table);
                throwIfKilled();
                if (table.memoryBytes() > maxMemory && table.size() > 1) {
                    return TOO_MANY_WORDS;
                }
            }
        } catch (WordTable.FullException e) {
            return TOO_MANY_WORDS;
        }
        return EncodedCounts.of(table, ResultOrder.of(table));
    }
}
