package tinderbox.jobtype.wordcount;

import java.io.IOException;
import java.io.Serializable;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.MapOutputTrackerMaster;
import org.apache.spark.Partitioner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.PartitionPruningRDD;
import scala.Function1;
import scala.Tuple2;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.DecompressionGuard;
import tinderbox.jobtype.JobContext;

/**
 * Counts the words of an input with Spark, in bounded memory, and emits them in the order of the result.
 *
 * <p>Most inputs have few distinct words. Then one stage is enough: each task counts into its own table, and the driver
 * adds up the tables. If there are too many words for that, they are shuffled by their hashes. A second stage adds up and
 * sorts each partition, and the driver merges the partitions on disk.
 */
final class WordCounter {
    /** Larger inputs, in bytes, are not tried in one stage, because a failure would waste too much time. */
    private static final long MAX_ONE_STAGE_BYTES = 4L << 30;

    /** If more task results than this wait in the driver, in bytes, it is too slow for them. */
    private static final long MAX_QUEUED_BYTES = Runtime.getRuntime().maxMemory() / 16;

    private static final int PARTITIONS_PER_CORE = 2;
    private static final int MAX_PARTITIONS = 1 << 14;

    private static final long MIN_PARTITION_BYTES = 64L << 10;
    private static final long MAX_PARTITION_BYTES = 16L << 20;

    /** At least how many smaller partitions one that outgrows the memory of its task is divided into. */
    private static final int MIN_SUBDIVISIONS = 16;

    private final Dataset input;
    private final TokenNormalizer normalizer;
    private final JobContext context;
    private final SparkContext spark;
    private final int cores;
    private final NonTextFiles nonTextFiles;
    private final TaskMemory taskMemory;

    WordCounter(Dataset input, TokenNormalizer normalizer, JobContext context) {
        this(input, normalizer, context, TaskMemory.SHARE);
    }

    WordCounter(Dataset input, TokenNormalizer normalizer, JobContext context, TaskMemory taskMemory) {
        this.input = input;
        this.normalizer = normalizer;
        this.context = context;
        this.spark = context.spark().sparkContext();
        this.cores = spark.defaultParallelism();
        this.nonTextFiles = new NonTextFiles(spark);
        this.taskMemory = taskMemory;
    }

    /** Counts the words, then passes each with its count to the consumer, in the order of the result. */
    void count(SortedRuns.WordConsumer consumer) throws Exception {
        List<List<InputSplit>> tasks = InputSplit.tasks(input, cores);
        if (tasks.isEmpty()) {
            return;
        }
        try {
            count(tasks, consumer);
        } finally {
            nonTextFiles.warn(input, context);
        }
    }

    private void count(List<List<InputSplit>> tasks, SortedRuns.WordConsumer consumer) throws Exception {
        // Reading a flag for each distinct word is as cheap as counting words in order to read it less often.
        SortedRuns.WordConsumer cancellable = (bytes, from, length, count) -> {
            context.throwIfCancelled();
            consumer.accept(bytes, from, length, count);
        };
        JavaRDD<List<InputSplit>> splits =
                JavaSparkContext.fromSparkContext(spark).parallelize(tasks, tasks.size());
        long expectedBytes = 0;
        if (input.bytes() <= MAX_ONE_STAGE_BYTES) {
            try (DriverTotals totals = new DriverTotals()) {
                expectedBytes = countInOneStage(splits, totals);
                if (expectedBytes == 0) {
                    emit(totals.table(), cancellable);
                    return;
                }
            }
            context.log().info("There are many distinct words; they are counted in two stages");
        }
        countInTwoStages(splits, partitionCount(expectedBytes), cancellable);
    }

    /**
     * Returns 0, or if there are too many words to add them up in the driver, how large the results of all tasks would
     * be, in bytes.
     */
    private long countInOneStage(JavaRDD<List<InputSplit>> splits, DriverTotals totals) throws Exception {
        // Local variables, because this object is not serializable.
        TokenNormalizer taskNormalizer = normalizer;
        DecompressionGuard guard = decompressionGuard();
        NonTextFiles nonTexts = nonTextFiles;
        TaskMemory memory = taskMemory;
        JavaRDD<byte[]> counted = splits.map(task -> CountTask.countAll(task, guard, nonTexts, taskNormalizer, memory));
        int tasks = counted.getNumPartitions();
        try (StreamingTaskResults results = results(counted, IntStream.range(0, tasks))) {
            StreamingTaskResults.TaskResult result = results.next();
            while (result != null && !results.overflowed()) {
                context.throwIfCancelled();
                if (result.hasTooManyWords()) {
                    return decompressedBytes();
                }
                if (!totals.add(result.counts())) {
                    return tasks * results.averageBytes();
                }
                result = results.next();
            }
            return results.overflowed() ? tasks * results.averageBytes() : 0;
        }
    }

    private StreamingTaskResults results(JavaRDD<byte[]> rdd, IntStream partitions) {
        // Half of what makes Spark fail the job.
        long sparkLimit = spark.getConf().getSizeAsBytes(StreamingTaskResults.SPARK_LIMIT, "1g");
        long maxTotalBytes = sparkLimit == 0 ? Long.MAX_VALUE : sparkLimit / 2;
        return new StreamingTaskResults(rdd, partitions.toArray(), MAX_QUEUED_BYTES, maxTotalBytes);
    }

    private void emit(WordTable table, SortedRuns.WordConsumer consumer) throws IOException {
        byte[] word = new byte[1 << 8];
        for (int entry : ResultOrder.of(table, context::throwIfCancelled)) {
            int length = table.lengthAt(entry);
            if (word.length < length + WordTable.PADDING) {
                word = new byte[2 * length + WordTable.PADDING];
            }
            table.copy(entry, word, 0);
            consumer.accept(word, 0, length, table.countAt(entry));
        }
    }

    private void countInTwoStages(JavaRDD<List<InputSplit>> splits, int partitions, SortedRuns.WordConsumer consumer)
            throws Exception {
        HashPartitions hashPartitions = HashPartitions.first(partitions);
        // Local variables, because this object is not serializable.
        TokenNormalizer taskNormalizer = normalizer;
        DecompressionGuard guard = decompressionGuard();
        NonTextFiles nonTexts = nonTextFiles;
        TaskMemory memory = taskMemory;
        JavaPairRDD<Integer, byte[]> portions = splits.mapPartitionsToPair(task ->
                CountTask.countPartitioned(task.next(), guard, nonTexts, taskNormalizer, memory, hashPartitions));
        try (SortedRuns sortedRuns = new SortedRuns(context.scratch().resolve("runs"))) {
            sumPartitions(portions, partitions, hashPartitions, sortedRuns);
            sortedRuns.merge(consumer);
        }
    }

    /** Shuffles the portions, adds up each partition, and writes it as a run. */
    private void sumPartitions(
            JavaPairRDD<Integer, byte[]> portions, int count, HashPartitions hashPartitions, SortedRuns sortedRuns)
            throws Exception {
        JavaPairRDD<Integer, byte[]> shuffled = portions.partitionBy(new IndexPartitioner(count));
        ShuffleDependency<?, ?, ?> shuffle =
                (ShuffleDependency<?, ?, ?>) shuffled.rdd().dependencies().head();
        boolean canSubdivide = hashPartitions.canSubdivide();
        TaskMemory memory = taskMemory;
        JavaRDD<byte[]> summed = shuffled.mapPartitions(
                all -> List.of(CountTask.sum(all, memory, canSubdivide)).iterator());
        try {
            BitSet tooLarge = sum(summed, count, sortedRuns);
            if (!tooLarge.isEmpty()) {
                subdivide(shuffled, tooLarge, hashPartitions.subdivide(subdivisions(shuffle, tooLarge)), sortedRuns);
            }
        } finally {
            // Otherwise Spark would keep its files until the next garbage collection.
            if (spark.cleaner().isDefined()) {
                spark.cleaner().get().doCleanupShuffle(shuffle.shuffleId(), false);
            }
        }
    }

    /**
     * Adds up the partitions: in one Spark job, unless their results are more than Spark may return at once, or arrive
     * faster than they are written.
     *
     * @return the partitions that outgrew the memory of a task
     */
    private BitSet sum(JavaRDD<byte[]> summed, int count, SortedRuns sortedRuns) throws Exception {
        BitSet tooLarge = new BitSet(count);
        BitSet left = new BitSet(count);
        left.set(0, count);
        long atOnce = count;
        while (!left.isEmpty()) {
            try (StreamingTaskResults results = results(summed, left.stream().limit(atOnce))) {
                for (StreamingTaskResults.TaskResult result = results.next(); result != null; result = results.next()) {
                    context.throwIfCancelled();
                    left.clear(result.partition());
                    if (result.hasTooManyWords()) {
                        tooLarge.set(result.partition());
                    } else {
                        sortedRuns.add(result.counts());
                    }
                }
                if (results.overflowed()) {
                    atOnce = Math.max(1, Math.min(atOnce / 2, MAX_QUEUED_BYTES / results.averageBytes()));
                }
            }
        }
        return tooLarge;
    }

    /** Divides some partitions into smaller ones, and adds those up. */
    private void subdivide(
            JavaPairRDD<Integer, byte[]> shuffled, BitSet tooLarge, HashPartitions smaller, SortedRuns sortedRuns)
            throws Exception {
        TaskMemory memory = taskMemory;
        JavaRDD<Tuple2<Integer, byte[]>> portions = PartitionPruningRDD.create(
                        shuffled.rdd(), (Function1<Object, Object> & Serializable) index -> tooLarge.get((int) index))
                .toJavaRDD();
        JavaRDD<Tuple2<Integer, byte[]>> divided = portions.mapPartitionsWithIndex(
                (index, all) -> CountTask.divide(all, memory, smaller, index * smaller.count()), false);
        int count = tooLarge.cardinality() * smaller.count();
        sumPartitions(JavaPairRDD.fromJavaRDD(divided), count, smaller, sortedRuns);
    }

    /** How many partitions to divide each of these into, by the sizes of their shuffled portions. */
    private int subdivisions(ShuffleDependency<?, ?, ?> shuffle, BitSet partitions) {
        MapOutputTrackerMaster shuffles = (MapOutputTrackerMaster) spark.env().mapOutputTracker();
        long[] sizes = shuffles.getStatistics(shuffle).bytesByPartitionId();
        long largest = partitions.stream()
                .mapToLong(partition -> sizes[partition])
                .max()
                .orElseThrow();
        long most = MAX_PARTITIONS / partitions.cardinality();
        return (int) Math.max(MIN_SUBDIVISIONS, Math.min(most, largest / partitionBytes()));
    }

    /** A new guard for each pass over the input, so that a second pass starts from zero. */
    private DecompressionGuard decompressionGuard() {
        return DecompressionGuard.of(input, context.inputLimits());
    }

    /** An estimate for the compressed files. */
    private long decompressedBytes() {
        return input.files().stream()
                .mapToLong(file -> file.compression().isCompressed()
                        ? InputSplit.DECOMPRESSION_RATIO * file.bytes()
                        : file.bytes())
                .sum();
    }

    /**
     * How many partitions to shuffle the words into. Each task writes a block for each partition, so there are few unless
     * the words are known to be many.
     *
     * @param expectedBytes the expected size of the shuffled words, or 0 if it is unknown
     */
    private int partitionCount(long expectedBytes) {
        long few = (long) PARTITIONS_PER_CORE * cores;
        return (int) Math.min(MAX_PARTITIONS, Math.max(few, expectedBytes / partitionBytes() + 1));
    }

    /** How large a partition of distinct words may be: their table takes about six times as much. */
    private long partitionBytes() {
        long share = taskMemory.bytes(spark) / 128;
        return Math.max(MIN_PARTITION_BYTES, Math.min(MAX_PARTITION_BYTES, share));
    }

    /** The keys are the partition indexes. */
    private static final class IndexPartitioner extends Partitioner implements Serializable {
        private static final long serialVersionUID = 1;

        private final int count;

        private IndexPartitioner(int count) {
            this.count = count;
        }

        @Override
        public int numPartitions() {
            return count;
        }

        @Override
        public int getPartition(Object index) {
            return (int) index;
        }
    }
}
