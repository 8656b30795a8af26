package tinderbox.jobtype.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tinderbox.dataset.Dataset;
import tinderbox.support.ApiClient;
import tinderbox.support.TestDatasets;
import tinderbox.support.TestServer;

class InputSplitTest {
    private static final long MIB = 1 << 20;

    /** The codecs are those of a session. */
    @BeforeAll
    static void startSpark() {
        new ApiClient(TestServer.shared()).run("word-count", Map.of());
    }

    private static Dataset dataset(String ending, long... sizes) {
        List<Dataset.File> files = new ArrayList<>();
        for (long size : sizes) {
            String name = "f" + files.size() + ending;
            files.add(new Dataset.File(
                    "test/" + name,
                    URI.create("file:///data/"),
                    URI.create("file:///data/" + name),
                    size,
                    Instant.EPOCH,
                    "",
                    TestDatasets.OPENER));
        }
        return new Dataset("test", files, List.of());
    }

    /** Every byte of every file must be in exactly one split. */
    private static void assertCovers(Dataset input, List<List<InputSplit>> tasks) {
        List<InputSplit> splits = tasks.stream().flatMap(List::stream).toList();
        int next = 0;
        for (Dataset.File file : input.files()) {
            long at = 0;
            while (at < file.bytes()) {
                InputSplit split = splits.get(next++);
                assertEquals(file, split.file());
                assertEquals(at, split.start());
                assertTrue(split.end() > at, split::toString);
                at = split.end();
            }
            assertEquals(file.bytes(), at);
        }
        assertEquals(splits.size(), next);
    }

    @Test
    void aLargeFileIsSpreadOverAllCores() {
        Dataset input = dataset(".txt", 43 * MIB);
        List<List<InputSplit>> tasks = InputSplit.tasks(input, 2);
        assertCovers(input, tasks);
        assertEquals(6, tasks.size());
        tasks.forEach(task -> assertEquals(1, task.size()));
    }

    @Test
    void tasksAreBounded() {
        Dataset input = dataset(".txt", 10L << 30, 1, 5L << 30);
        List<List<InputSplit>> tasks = InputSplit.tasks(input, 2);
        assertCovers(input, tasks);
        tasks.forEach(task -> assertTrue(
                task.stream().mapToLong(split -> split.end() - split.start()).sum() <= 33 * MIB));
    }

    @Test
    void manySmallFilesShareAFewTasks() {
        long[] sizes = new long[10_000];
        Arrays.fill(sizes, 1000);
        Dataset input = dataset(".txt", sizes);
        List<List<InputSplit>> tasks = InputSplit.tasks(input, 2);
        assertCovers(input, tasks);
        assertTrue(tasks.size() >= 6 && tasks.size() <= 12, () -> tasks.size() + " tasks");
    }

    @Test
    void aCompressedFileIsNotSplit() {
        Dataset input = dataset(".txt.gz", 100 * MIB, 0, 3 * MIB);
        List<List<InputSplit>> tasks = InputSplit.tasks(input, 4);
        assertCovers(input, tasks);
        assertEquals(2, tasks.stream().mapToInt(List::size).sum());
    }

    @Test
    void aSmallFileIsOneTaskAndAnEmptyInputHasNone() {
        assertEquals(1, InputSplit.tasks(dataset(".txt", 1_204_997), 8).size());
        assertEquals(List.of(), InputSplit.tasks(dataset(".txt", 0, 0), 8));
    }
}
