package tinderbox.jobtype.wordcount;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.util.CollectionAccumulator;
import scala.Option;
import tinderbox.dataset.Dataset;
import tinderbox.jobtype.JobContext;

/**
 * Collects warnings about files that do not look like text, though they are counted. The tasks that read the files check
 * them, because a separate check of a large folder would take as long as counting it.
 */
final class NonTextFiles implements Serializable {
    private static final long serialVersionUID = 1;

    private final CollectionAccumulator<NonTextFile> found = new CollectionAccumulator<>();

    /**
     * @param lookalike what the content looks like
     */
    private record NonTextFile(String file, boolean compressed, String lookalike) implements Serializable {}

    NonTextFiles(SparkContext spark) {
        // Count failed tasks too: such a file may be the reason for the failure.
        found.register(spark, Option.empty(), true);
    }

    /** Reports a file; called by tasks. */
    void add(InputSplit split, String lookalike) {
        found.add(new NonTextFile(split.file().path(), split.compressed(), lookalike));
    }

    /** Adds a warning for each reported file, in the order of their names. */
    void warn(Dataset input, JobContext context) {
        Map<String, NonTextFile> byPath = new HashMap<>();
        for (NonTextFile file : found.value()) {
            byPath.put(file.file(), file);
        }
        if (byPath.isEmpty()) {
            return;
        }
        Map<String, String> warnings = new TreeMap<>();
        for (Dataset.File file : input.files()) {
            NonTextFile nonText = byPath.get(file.path());
            if (nonText != null) {
                warnings.put(
                        file.path(),
                        (nonText.compressed() ? "What is packed in " + file.path() : file.path()) + " looks like "
                                + nonText.lookalike() + "; its bytes are read as they are.");
            }
        }
        warnings.values().forEach(context::warn);
    }
}
