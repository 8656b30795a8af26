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
import tinderbox.dataset.Compression;
import tinderbox.dataset.Dataset;
import tinderbox.jobtype.DecompressionGuard;
import tinderbox.jobtype.JobContext;

/**
 * Counts the words of an input with Spark, in bounded memory, and tells them in the order of the result.
 *
 * <p>Most inputs have few distinct words: then one stage counts, each task into a table of its own, and the driver adds
 * the tables up. Where there are too many words for that, a second stage adds them up, divided by their hashes; each of
 * its tasks sorts what it has, and the driver merges that from disk.
 */
final class WordCounter {
    /** A larger input is not tried in one stage, for that could be in vain after all of it has been read, in bytes. */
    private static final long MOST_AT_ONCE = 4L << 30;

    /** How much of what tasks have counted may wait to be added up, in bytes: where more does, the driver is too slow. */
    private static final long MOST_WAITING = Runtime.getRuntime().maxMemory() / 16;

    private static final long SMALLEST_DIVISION = 1L << 20;
    private static final long LARGEST_DIVISION = 8L << 20;

    private static final int MOST_DIVISIONS = 1 << 14;

    /** A division whose table is larger than so many times its part of the input is divided again. */
    private static final int MOST_TABLE = 8;

    /** Into so many. */
    private static final int SMALLER = 16;

    private final Dataset input;
    private final TokenNormalizer forms;
    private final JobContext context;
    private final SparkContext spark;
    private final int cores;
    private final NonTextFiles odd;

    WordCounter(Dataset input, TokenNormalizer forms, JobContext context) {
        this.input = input;
        this.forms = forms;
        this.context = context;
        this.spark = context.spark().sparkContext();
        this.cores = spark.defaultParallelism();
        this.odd = new NonTextFiles(spark);
    }

    /** Counts, then tells each word with its count, in the order of the result. */
    void count(SortedRuns.Sink sink) throws Exception {
        List<List<InputSplit>> tasks = InputSplit.tasks(input, cores);
        if (tasks.isEmpty()) {
            return;
        }
        try {
            count(tasks, sink);
        } finally {
            odd.warn(input, context);
        }
    }

    private void count(List<List<InputSplit>> tasks, SortedRuns.Sink sink) throws Exception {
        // One look at a flag for each distinct word: a counter that spares most of them would cost as much.
        SortedRuns.Sink stoppable = (bytes, from, length, count) -> {
            context.throwIfCancelled();
            sink.word(bytes, from, length, count);
        };
        JavaRDD<List<InputSplit>> parts =
                JavaSparkContext.fromSparkContext(spark).parallelize(tasks, tasks.size());
        if (input.bytes() <= MOST_AT_ONCE) {
            try (DriverTotals sums = new DriverTotals()) {
                if (countAtOnce(parts, sums)) {
                    tell(sums.table(), stoppable);
                    return;
                }
            }
            context.log().info("There are many distinct words; they are counted in two stages");
        }
        countInTwoStages(parts, stoppable);
    }

    /** Answers false where there are too many words to add them up here. */
    private boolean countAtOnce(JavaRDD<List<InputSplit>> parts, DriverTotals sums) throws Exception {
        TokenNormalizer wanted = forms;
        DecompressionGuard decompressionGuard = decompressionGuard();
        NonTextFiles seen = odd;
        JavaRDD<byte[]> counted = parts.map(part -> CountTask.countAll(part, decompressionGuard, seen, wanted));
        try (StreamingTaskResults results = StreamingTaskResults.bounded(counted, MOST_WAITING, mostTogether())) {
            for (StreamingTaskResults.Answer answer = results.next(); answer != null; answer = results.next()) {
                context.throwIfCancelled();
                if (answer.isTooMany() || !sums.add(answer.counts())) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What tasks may answer together, in bytes: half of what Spark fails a job for, which counts before we do. */
    private long mostTogether() {
        long refused = spark.getConf().getSizeAsBytes("spark.driver.maxResultSize", "1g");
        return refused == 0 ? Long.MAX_VALUE : refused / 2;
    }

    private void tell(WordTable table, SortedRuns.Sink sink) throws IOException {
        byte[] word = new byte[1 << 8];
        for (int place : ResultOrder.of(table)) {
            int length = table.lengthAt(place);
            if (word.length < length + WordTable.PADDING) {
                word = new byte[2 * length + WordTable.PADDING];
            }
            table.copy(place, word, 0);
            sink.word(word, 0, length, table.countAt(place));
        }
    }

    private void countInTwoStages(JavaRDD<List<InputSplit>> parts, SortedRuns.Sink sink) throws Exception {
        HashPartitions hashPartitions = HashPartitions.first(divisions());
        TokenNormalizer wanted = forms;
        DecompressionGuard decompressionGuard = decompressionGuard();
        NonTextFiles seen = odd;
        JavaPairRDD<Integer, byte[]> portions = parts.mapPartitionsToPair(
                part -> CountTask.countInPortions(part.next(), decompressionGuard, seen, wanted, hashPartitions));
        Path scratch = context.scratch().resolve("runs");
        try (SortedRuns sortedRuns = new SortedRuns(scratch)) {
            addUp(portions, hashPartitions.count(), hashPartitions, sortedRuns);
            sortedRuns.merge(sink);
        }
    }

    /** Adds up what has been divided so, a division to a run. */
    private void addUp(
            JavaPairRDD<Integer, byte[]> portions, int count, HashPartitions hashPartitions, SortedRuns sortedRuns)
            throws Exception {
        JavaPairRDD<Integer, byte[]> divided = portions.partitionBy(new ByNumber(count));
        long maxMemory = hashPartitions.canBeDivided() ? MOST_TABLE * divisionBytes() : Long.MAX_VALUE;
        JavaRDD<byte[]> summed = divided.mapPartitions(
                all -> List.of(CountTask.sum(all, maxMemory)).iterator());
        try {
            // A few divisions at a time, so that never more than those of one go wait here to be written.
            int atOnce = divisionsAtOnce();
            for (int from = 0; from < count; from += atOnce) {
                List<Integer> tooLarge = new ArrayList<>();
                try (StreamingTaskResults results =
                        StreamingTaskResults.of(summed, from, Math.min(count, from + atOnce))) {
                    for (StreamingTaskResults.Answer answer = results.next(); answer != null; answer = results.next()) {
                        context.throwIfCancelled();
                        if (answer.isTooMany()) {
                            tooLarge.add(answer.partition());
                        } else {
                            sortedRuns.add(answer.counts());
                        }
                    }
                }
                if (!tooLarge.isEmpty()) {
                    addUpSmaller(divided, tooLarge, hashPartitions.subdivide(SMALLER), sortedRuns);
                }
            }
        } finally {
            forget(divided);
        }
    }

    /** Divides some divisions again, and adds up what they become. */
    private void addUpSmaller(
            JavaPairRDD<Integer, byte[]> divided, List<Integer> tooLarge, HashPartitions smaller, SortedRuns sortedRuns)
            throws Exception {
        JavaPairRDD<Integer, byte[]> portions = PartitionPruningRDD.create(
                        divided.rdd(), (Function1<Object, Object> & Serializable) tooLarge::contains)
                .toJavaRDD()
                .flatMapToPair(
                        portion -> CountTask.divide(portion._2(), smaller, SMALLER * tooLarge.indexOf(portion._1())));
        addUp(portions, SMALLER * tooLarge.size(), smaller, sortedRuns);
    }

    /** Of one pass: what is read a second time does not count twice. */
    private DecompressionGuard decompressionGuard() {
        long plain = input.files().stream()
                .filter(file -> !Compression.of(file.location().toString()).isPacked())
                .mapToLong(Dataset.File::bytes)
                .sum();
        return new DecompressionGuard(context.inputLimits(), plain);
    }

    private int divisions() {
        long unpacked = input.files().stream()
                .mapToLong(file -> Compression.of(file.location().toString()).isPacked()
                        ? InputSplit.UNPACKED * file.bytes()
                        : file.bytes())
                .sum();
        return (int) Math.max(cores, Math.min(MOST_DIVISIONS, unpacked / divisionBytes() + 1));
    }

    /**
     * How much of the input goes to a division of the second stage, where packed files hold what they are thought to.
     * Where its words are all distinct, a table of them takes about six times as much.
     */
    private static long divisionBytes() {
        return Math.max(
                SMALLEST_DIVISION,
                Math.min(LARGEST_DIVISION, Runtime.getRuntime().maxMemory() / 256));
    }

    private int divisionsAtOnce() {
        long fit = Runtime.getRuntime().maxMemory() / 16 / divisionBytes();
        return (int) Math.max(2, Math.min(2L * cores, fit));
    }

    /** Spark would keep the shuffle's files until the next garbage collection. */
    private void forget(JavaPairRDD<Integer, byte[]> divided) {
        Object dependency = divided.rdd().dependencies().head();
        if (dependency instanceof ShuffleDependency<?, ?, ?> shuffle
                && spark.cleaner().isDefined()) {
            spark.cleaner().get().doCleanupShuffle(shuffle.shuffleId(), false);
        }
    }

    /** Each division is its own number. */
    private static final class ByNumber extends Partitioner implements Serializable {
        private static final long serialVersionUID = 1;

        private final int divisions;

        private ByNumber(int divisions) {
            this.divisions = divisions;
        }

        @Override
        public int numPartitions() {
            return divisions;
        }

        @Override
        public int getPartition(Object division) {
            return (int) division;
        }
    }
}
