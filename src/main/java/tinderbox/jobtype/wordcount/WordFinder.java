package tinderbox.jobtype.wordcount;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.DecompressionGuard;
import tinderbox.dataset.UnreadableFileException;
import tinderbox.jobtype.JobContext;

/**
 * Finds all occurrences of a word in an input with Spark, and returns the first.
 *
 * <p>Each task counts all occurrences in its splits, and returns as many as the tasks together may. If that is not enough
 * of the first, the tasks that have more of them run again.
 */
final class WordFinder {
    /** How many occurrences all tasks of the first pass return, together. */
    private static final int MAX_ROWS_OF_FIRST_PASS = 50_000;

    private final Dataset input;
    private final JobContext context;
    private final SparkContext spark;
    private final int firstRows;

    WordFinder(Dataset input, JobContext context) {
        this(input, context, MAX_ROWS_OF_FIRST_PASS);
    }

    WordFinder(Dataset input, JobContext context, int firstRows) {
        this.input = input;
        this.context = context;
        this.spark = context.spark().sparkContext();
        this.firstRows = firstRows;
    }

    /** Takes a row of the result. */
    interface RowConsumer {
        void accept(String file, long line, SplitSearch.Occurrence occurrence);
    }

    /** What was found in all. */
    record Totals(long occurrences, long files) {}

    /** The work of one task. */
    private record Work(List<InputSplit> splits, int maxRows) implements Serializable {}

    /**
     * Searches the input.
     *
     * @param width how many characters before and after a word are shown
     * @param maxRows how many occurrences are passed to the consumer, in the order of the input
     */
    Totals find(SearchedWord word, int width, int maxRows, RowConsumer consumer) {
        List<List<InputSplit>> tasks = InputSplit.tasks(input, spark.defaultParallelism());
        if (tasks.isEmpty()) {
            return new Totals(0, 0);
        }
        int atFirst = Math.max(1, Math.min(maxRows, firstRows / tasks.size()));
        NonTextFiles nonTextFiles = new NonTextFiles(spark);
        List<List<SplitSearch.Found>> found;
        try {
            found = new ArrayList<>(search(
                    tasks.stream().map(splits -> new Work(splits, atFirst)).toList(), word, width, nonTextFiles));
        } finally {
            nonTextFiles.warn(input, context);
        }
        complete(found, tasks, word, width, maxRows);
        return emit(found, tasks, maxRows, consumer);
    }

    private List<List<SplitSearch.Found>> search(
            List<Work> tasks, SearchedWord word, int width, NonTextFiles nonTextFiles) {
        // A new guard for each pass over the input.
        DecompressionGuard guard = DecompressionGuard.of(input, context.inputLimits());
        return JavaSparkContext.fromSparkContext(spark)
                .parallelize(tasks, tasks.size())
                .map(work -> searchSplits(work, word, width, guard, nonTextFiles))
                .collect();
    }

    private static List<SplitSearch.Found> searchSplits(
            Work work, SearchedWord word, int width, DecompressionGuard guard, NonTextFiles nonTextFiles)
            throws UnreadableFileException {
        TaskContext task = TaskContext.get();
        List<SplitSearch.Found> found = new ArrayList<>();
        int room = work.maxRows();
        for (InputSplit split : work.splits()) {
            SplitSearch search = new SplitSearch(
                    split,
                    word,
                    width,
                    CountTask::throwIfKilled,
                    bytes -> task.taskMetrics().inputMetrics().incBytesRead(bytes));
            SplitSearch.Found inSplit = search.all(guard, room, nonTextFiles::add);
            found.add(inSplit);
            room -= inSplit.rows().size();
        }
        return found;
    }

    /** Searches again where occurrences are missing that are among the first. */
    private void complete(
            List<List<SplitSearch.Found>> found,
            List<List<InputSplit>> tasks,
            SearchedWord word,
            int width,
            int maxRows) {
        List<Integer> again = new ArrayList<>();
        List<Work> work = new ArrayList<>();
        long room = maxRows;
        for (int task = 0; task < tasks.size() && room > 0; task++) {
            long occurrences = sum(found.get(task));
            int wanted = (int) Math.min(room, occurrences);
            if (wanted
                    > found.get(task).stream()
                            .mapToInt(split -> split.rows().size())
                            .sum()) {
                again.add(task);
                work.add(new Work(tasks.get(task), wanted));
            }
            room -= wanted;
        }
        if (again.isEmpty()) {
            return;
        }
        context.phase("reading lines");
        List<List<SplitSearch.Found>> complete = search(work, word, width, new NonTextFiles(spark));
        for (int i = 0; i < again.size(); i++) {
            found.set(again.get(i), complete.get(i));
        }
        context.checkInputs();
    }

    private static long sum(List<SplitSearch.Found> splits) {
        return splits.stream().mapToLong(SplitSearch.Found::occurrences).sum();
    }

    private Totals emit(
            List<List<SplitSearch.Found>> found, List<List<InputSplit>> tasks, int maxRows, RowConsumer consumer) {
        long occurrences = 0;
        int rows = 0;
        Set<String> files = new HashSet<>();
        // Before the split in its file.
        long lineFeeds = 0;
        for (int task = 0; task < tasks.size(); task++) {
            context.throwIfCancelled();
            for (int i = 0; i < tasks.get(task).size(); i++) {
                InputSplit split = tasks.get(task).get(i);
                SplitSearch.Found inSplit = found.get(task).get(i);
                if (split.start() == 0) {
                    lineFeeds = 0;
                }
                String file = split.file().path();
                occurrences += inSplit.occurrences();
                if (inSplit.occurrences() > 0) {
                    files.add(file);
                }
                for (SplitSearch.Occurrence occurrence : inSplit.rows()) {
                    if (rows < maxRows) {
                        rows++;
                        consumer.accept(file, lineFeeds + occurrence.lineFeeds() + 1, occurrence);
                    }
                }
                lineFeeds += inSplit.lineFeeds();
            }
        }
        return new Totals(occurrences, files.size());
    }
}
