package tinderbox.jobtype.sql;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import tinderbox.dataset.Dataset;

/**
 * A file, and how much of its beginning to look at.
 *
 * @param bytes after decompression
 */
record FileSample(Dataset.File file, long bytes) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Of all files together, in bytes. */
    static final long TOTAL = 32L << 20;

    /** How many files of a folder are looked at for more than their first record. */
    private static final int MAX_FILES = 100;

    /** The samples of a dataset: all of its files that are not empty, but only some of them for their records. */
    static List<FileSample> of(Dataset dataset) {
        List<Dataset.File> files =
                dataset.files().stream().filter(file -> file.bytes() > 0).toList();
        int step = (files.size() + MAX_FILES - 1) / MAX_FILES;
        long each = step == 0 ? 0 : TOTAL / ((files.size() + step - 1) / step);
        List<FileSample> samples = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            samples.add(new FileSample(files.get(i), i % step == 0 ? each : 1));
        }
        return samples;
    }
}
