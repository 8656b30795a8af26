package tinderbox.jobtype.wordcount;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.ShuffleDependency;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.PartitionPruningRDD;
import scala.Function1;
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

    /** If more task results than this wait in the driver, in bytes, it is too slow for one stage. */
    private static final long MAX_QUEUED_BYTES = Runtime.getRuntime().maxMemory() / 16;

    private static final long MIN_PARTITION_BYTES = 1L << 20;
    private static final long MAX_PARTITION_BYTES = 8L << 20;

    private static final int MAX_PARTITIONS = 1 << 14;

    /** A partition is divided again if its table is larger than its expected share of the input times this. */
    private static final int MAX_TABLE_RATIO = 8;

    /** How many smaller partitions such a partition is divided into. */
    private static final int SUBDIVISIONS = 16;

    private final Dataset input;
    private final TokenNormalizer normalizer;
    private final JobContext context;
    private final SparkContext spark;
    private final int cores;
    private final NonTextFiles nonTextFiles;

    WordCounter(Dataset input, TokenNormalizer normalizer, JobContext context) {
        this.input = input;
        this.normalizer = normalizer;
        this.context = context;
        this.spark = context.spark().sparkContext();
        this.cores = spark.defaultParallelism();
        this.nonTextFiles = new NonTextFiles(spark);
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
        if (input.bytes() <= MAX_ONE_STAGE_BYTES) {
            try (DriverTotals totals = new DriverTotals()) {
                if (countInOneStage(splits, totals)) {
                    emit(totals.table(), cancellable);
                    return;
                }
            }
            context.log().info("There are many distinct words; they are counted in two stages");
        }
        countInTwoStages(splits, cancellable);
    }

    /** Returns false if there are too many words to add them up in the driver. */
    private boolean countInOneStage(JavaRDD<List<InputSplit>> splits, DriverTotals totals) throws Exception {
        // Local variables, because this object is not serializable.
        TokenNormalizer taskNormalizer = normalizer;
        DecompressionGuard guard = decompressionGuard();
        NonTextFiles nonTexts = nonTextFiles;
        JavaRDD<byte[]> counted = splits.map(task -> CountTask.countAll(task, guard, nonTexts, taskNormalizer));
        try (StreamingTaskResults results = StreamingTaskResults.bounded(counted, MAX_QUEUED_BYTES, maxTotalBytes())) {
            for (StreamingTaskResults.TaskResult result = results.next(); result != null; result = results.next()) {
                context.throwIfCancelled();
                if (result.hasTooManyWords() || !totals.add(result.counts())) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The maximum size of all task results together, in bytes: half of what makes Spark fail the job. */
    private long maxTotalBytes() {
        long sparkLimit = spark.getConf().getSizeAsBytes("spark.driver.maxResultSize", "1g");
        return sparkLimit == 0 ? Long.MAX_VALUE : sparkLimit / 2;
    }

    private void emit(WordTable table, SortedRuns.WordConsumer consumer) throws IOException {
        byte[] word = new byte[1 << 8];
        for (int entry : ResultOrder.of(table)) {
            int length = table.lengthAt(entry);
            if (word.length < length + WordTable.PADDING) {
                word = new byte[2 * length + WordTable.PADDING];
            }
            table.copy(entry, word, 0);
            consumer.accept(word, 0, length, table.countAt(entry));
        }
    }

    private void countInTwoStages(JavaRDD<List<InputSplit>> splits, SortedRuns.WordConsumer consumer) throws Exception {
        HashPartitions hashPartitions = HashPartitions.first(partitionCount());
        // Local variables, because this object is not serializable.
        TokenNormalizer taskNormalizer = normalizer;
        DecompressionGuard guard = decompressionGuard();
        NonTextFiles nonTexts = nonTextFiles;
        JavaPairRDD<Integer, byte[]> portions = splits.mapPartitionsToPair(
                task -> CountTask.countPartitioned(task.next(), guard, nonTexts, taskNormalizer, hashPartitions));
        Path scratch = context.scratch().resolve("runs");
        try (SortedRuns sortedRuns = new SortedRuns(scratch)) {
            sumPartitions(portions, hashPartitions.count(), hashPartitions, sortedRuns);
            sortedRuns.merge(consumer);
        }
    }

    /** Shuffles the portions, adds up each partition, and writes it as a run. */
    private void sumPartitions(
            JavaPairRDD<Integer, byte[]> portions, int count, HashPartitions hashPartitions, SortedRuns sortedRuns)
            throws Exception {
        JavaPairRDD<Integer, byte[]> shuffled = portions.partitionBy(new IndexPartitioner(count));
        long maxMemory = hashPartitions.canSubdivide() ? MAX_TABLE_RATIO * partitionBytes() : Long.MAX_VALUE;
        JavaRDD<byte[]> summed = shuffled.mapPartitions(
                all -> List.of(CountTask.sum(all, maxMemory)).iterator());
        try {
            // A few partitions at a time, which bounds the results that wait here to be written.
            int atOnce = partitionsAtOnce();
            for (int from = 0; from < count; from += atOnce) {
                List<Integer> tooLarge = new ArrayList<>();
                try (StreamingTaskResults results =
                        StreamingTaskResults.of(summed, from, Math.min(count, from + atOnce))) {
                    for (StreamingTaskResults.TaskResult result = results.next();
                            result != null;
                            result = results.next()) {
                        context.throwIfCancelled();
                        if (result.hasTooManyWords()) {
                            tooLarge.add(result.partition());
                        } else {
                            sortedRuns.add(result.counts());
                        }
                    }
                }
                if (!tooLarge.isEmpty()) {
                    subdivide(shuffled, tooLarge, hashPartitions.subdivide(SUBDIVISIONS), sortedRuns);
                }
            }
        } finally {
            deleteShuffleFiles(shuffled);
        }
    }

    /** Divides some partitions into smaller ones, and adds those up. */
    private void subdivide(
            JavaPairRDD<Integer, byte[]> shuffled,
            List<Integer> tooLarge,
            HashPartitions smaller,
            SortedRuns sortedRuns)
            throws Exception {
        JavaPairRDD<Integer, byte[]> portions = PartitionPruningRDD.create(
                        shuffled.rdd(), (Function1<Object, Object> & Serializable) tooLarge::contains)
                .toJavaRDD()
                .flatMapToPair(portion ->
                        CountTask.repartition(portion._2(), smaller, SUBDIVISIONS * tooLarge.indexOf(portion._1())));
        sumPartitions(portions, SUBDIVISIONS * tooLarge.size(), smaller, sortedRuns);
    }

    /** A new guard for each pass over the input, so that a second pass starts from zero. */
    private DecompressionGuard decompressionGuard() {
        return DecompressionGuard.of(input, context.inputLimits());
    }

    private int partitionCount() {
        long decompressed = input.files().stream()
                .mapToLong(file -> file.compression().isCompressed()
                        ? InputSplit.DECOMPRESSION_RATIO * file.bytes()
                        : file.bytes())
                .sum();
        return (int) Math.max(cores, Math.min(MAX_PARTITIONS, decompressed / partitionBytes() + 1));
    }

    /**
     * The share of the decompressed input that a partition of the second stage should have. If all of its words are
     * distinct, their table takes about six times as much.
     */
    private static long partitionBytes() {
        return Math.max(
                MIN_PARTITION_BYTES,
                Math.min(MAX_PARTITION_BYTES, Runtime.getRuntime().maxMemory() / 256));
    }

    private int partitionsAtOnce() {
        long fit = Runtime.getRuntime().maxMemory() / 16 / partitionBytes();
        return (int) Math.max(2, Math.min(2L * cores, fit));
    }

    /** Otherwise Spark would keep them until the next garbage collection. */
    private void deleteShuffleFiles(JavaPairRDD<Integer, byte[]> shuffled) {
        Object dependency = shuffled.rdd().dependencies().head();
        if (dependency instanceof ShuffleDependency<?, ?, ?> shuffle
                && spark.cleaner().isDefined()) {
            spark.cleaner().get().doCleanupShuffle(shuffle.shuffleId(), false);
        }
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
