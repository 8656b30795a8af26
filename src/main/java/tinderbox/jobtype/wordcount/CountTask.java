package tinderbox.jobtype.wordcount;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
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

    /** A little more than an empty table takes. */
    private static final long MIN_TABLE_BYTES = 128L << 10;

    private static final long MAX_TABLE_BYTES = 64L << 20;

    /** The table of a sum may be this many times as large, because there is no input to read at the same time. */
    private static final int SUM_RATIO = 2;

    private CountTask() {}

    /**
     * How large the table of a task may become before it is written out, in bytes. While it grows it briefly takes three
     * times as much, and its encoded words take as much again. For all tasks of a process, that is about a quarter of the
     * heap.
     */
    private static long maxTableBytes(TaskMemory memory) {
        return Math.max(MIN_TABLE_BYTES, Math.min(MAX_TABLE_BYTES, memory.bytes() / 32));
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

    static void throwIfKilled() {
        if (TaskContext.get().isInterrupted()) {
            throw new TaskKilledException("the job was cancelled");
        }
    }

    /** Counts all words of a task's splits; returns {@link EncodedCounts}, or {@link #TOO_MANY_WORDS}. */
    static byte[] countAll(
            List<InputSplit> splits,
            DecompressionGuard decompressionGuard,
            NonTextFiles nonTextFiles,
            TokenNormalizer normalizer,
            TaskMemory memory)
            throws IOException {
        long maxMemory = maxTableBytes(memory);
        WordTable table = WordTablePool.take();
        try (WordSource source = source(splits, decompressionGuard, nonTextFiles, table, normalizer)) {
            while (source.countNext()) {
                throwIfKilled();
                if (table.memoryBytes() > maxMemory) {
                    return TOO_MANY_WORDS;
                }
            }
            normalizer.apply(table);
            return EncodedCounts.of(table, table.entries());
        } finally {
            WordTablePool.release(table);
        }
    }

    /** Counts the words of a task's splits; returns {@link EncodedCounts} by hash partition. A word may occur in several. */
    static Iterator<Tuple2<Integer, byte[]>> countPartitioned(
            List<InputSplit> splits,
            DecompressionGuard decompressionGuard,
            NonTextFiles nonTextFiles,
            TokenNormalizer normalizer,
            TaskMemory memory,
            HashPartitions hashPartitions) {
        WordTable table = new WordTable();
        WordSource source = source(splits, decompressionGuard, nonTextFiles, table, normalizer);
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> close(source));
        return new PortionIterator(
                table, maxTableBytes(memory), source::countNext, normalizer::apply, hashPartitions, 0);
    }

    private static void close(WordSource source) {
        try {
            source.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Divides the portions of one partition into smaller partitions.
     *
     * @param first the index of the first of the new partitions
     */
    static Iterator<Tuple2<Integer, byte[]>> divide(
            Iterator<Tuple2<Integer, byte[]>> portions, TaskMemory memory, HashPartitions hashPartitions, int first) {
        WordTable table = new WordTable();
        return new PortionIterator(
                table,
                maxTableBytes(memory),
                () -> {
                    if (portions.hasNext()) {
                        EncodedCounts.addAll(portions.next()._2(), table);
                    }
                    return portions.hasNext();
                },
                all -> {},
                hashPartitions,
                first);
    }

    /** Fills a table, and divides its words among partitions whenever it is full. */
    private static final class PortionIterator implements Iterator<Tuple2<Integer, byte[]>> {
        private final WordTable table;
        private final long maxMemory;
        private final Source source;
        private final Normalizer normalizer;
        private final HashPartitions hashPartitions;
        private final int first;
        private final Queue<Tuple2<Integer, byte[]>> ready = new ArrayDeque<>();
        private boolean exhausted;

        /** Adds a few words to the table. */
        private interface Source {
            /** Returns false if there are no more words. */
            boolean addNext() throws IOException;
        }

        private interface Normalizer {
            void apply(WordTable table) throws IOException;
        }

        private PortionIterator(
                WordTable table,
                long maxMemory,
                Source source,
                Normalizer normalizer,
                HashPartitions hashPartitions,
                int first) {
            this.table = table;
            this.maxMemory = maxMemory;
            this.source = source;
            this.normalizer = normalizer;
            this.hashPartitions = hashPartitions;
            this.first = first;
        }

        @Override
        public boolean hasNext() {
            try {
                while (ready.isEmpty() && !exhausted) {
                    exhausted = !source.addNext();
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
            EncodedCounts[] partitions = new EncodedCounts[hashPartitions.count()];
            for (int entry : table.entries()) {
                int partition = hashPartitions.partitionOf(table.hashAt(entry));
                if (partitions[partition] == null) {
                    partitions[partition] = new EncodedCounts();
                }
                partitions[partition].add(table, entry);
            }
            table.clear();
            for (int i = 0; i < partitions.length; i++) {
                if (partitions[i] != null) {
                    ready.add(new Tuple2<>(first + i, partitions[i].toBytes()));
                    partitions[i] = null;
                }
            }
        }
    }

    /** Adds up the counts of one partition: each word once, in the order of the result; or {@link #TOO_MANY_WORDS}. */
    static byte[] sum(Iterator<Tuple2<Integer, byte[]>> portions, TaskMemory memory, boolean canSubdivide)
            throws IOException {
        long maxMemory = canSubdivide ? SUM_RATIO * maxTableBytes(memory) : Long.MAX_VALUE;
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
        return EncodedCounts.of(table, ResultOrder.of(table, CountTask::throwIfKilled));
    }
}
