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
 * The files that are counted although they do not look like text. The tasks that read them report them, since a separate
 * look into every file of a large folder would take as long as its count.
 */
final class NonTextFiles implements Serializable {
    private static final long serialVersionUID = 1;

    private final CollectionAccumulator<Sighting> found = new CollectionAccumulator<>();

    /**
     * A file that does not look like text.
     *
     * @param what what its content looks like
     */
    private record Sighting(String file, boolean packed, String what) implements Serializable {}

    NonTextFiles(SparkContext spark) {
        // Also from tasks that fail: such a file may well be the reason.
        found.register(spark, Option.empty(), true);
    }

    /** Reports one, from a task. */
    void add(InputSplit part, String what) {
        found.add(new Sighting(part.file(), part.packed(), what));
    }

    /** Warns of each, once and in the order of their names. */
    void warn(Dataset input, JobContext context) {
        Map<String, Sighting> sighting = new HashMap<>();
        for (Sighting file : found.value()) {
            sighting.put(file.file(), file);
        }
        if (sighting.isEmpty()) {
            return;
        }
        Map<String, String> warnings = new TreeMap<>();
        for (Dataset.File file : input.files()) {
            Sighting seen = sighting.get(file.location().toUri().toString());
            if (seen != null) {
                warnings.put(
                        file.path(),
                        (seen.packed() ? "What is packed in " + file.path() : file.path()) + " looks like "
                                + seen.what() + "; its bytes are read as they are.");
            }
        }
        warnings.values().forEach(context::warn);
    }
}
