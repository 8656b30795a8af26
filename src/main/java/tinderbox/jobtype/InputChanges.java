package tinderbox.jobtype;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.Datasets;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * Notices that files of an input were changed while a job read them. Several tasks read a large file, so they may have read
 * parts of different files.
 */
final class InputChanges {
    private InputChanges() {}

    static JobException replaced(String path, Exception cause) {
        return new JobException(
                ErrorCode.INPUT_NOT_FOUND,
                "The file " + path + " was replaced while the job read it",
                "run the job again",
                cause);
    }

    static void check(Dataset opened, Datasets datasets, Consumer<String> warnings) {
        Map<String, Dataset.File> now = new HashMap<>();
        try {
            datasets.open(opened.path()).files().forEach(file -> now.put(file.address(), file));
        } catch (JobException e) {
            // What was deleted meanwhile had been read, or reading it would have failed.
            return;
        }
        for (Dataset.File file : opened.files()) {
            Dataset.File current = now.getOrDefault(file.address(), file);
            if (!current.key().equals(file.key()) || current.bytes() < file.bytes()) {
                throw replaced(file.path(), null);
            }
            if (!current.modifiedAt().equals(file.modifiedAt()) || current.bytes() != file.bytes()) {
                warnings.accept(
                        "The file " + file.path() + " was written to while the job read it; what was added is not"
                                + " in the result, and what was overwritten may be");
            }
        }
    }
}
