package tinderbox.support;

import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.DatasetRoot;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.InputLimits;
import tinderbox.dataset.LocalRoot;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.jobtype.TableColumns;

/** Datasets in folders of this machine, without a server. */
public final class TestDatasets {
    /** Opens files where they are. */
    public static final Dataset.Opener OPENER = TestDatasets::open;

    /** Tells no columns. */
    public static final TableColumns NO_COLUMNS = (path, datasets) -> {
        throw new JobException(ErrorCode.NOT_READY, "There is no Spark", "");
    };

    private TestDatasets() {}

    private static SeekableByteChannel open(Dataset.File file) throws java.io.IOException {
        return Files.newByteChannel(Path.of(file.location()));
    }

    /** The datasets in these folders, by the names of their roots. */
    public static Datasets of(Map<String, Path> folders, InputLimits limits) {
        Map<String, DatasetRoot> roots = new HashMap<>();
        folders.forEach((name, folder) -> roots.put(name, new LocalRoot(name, folder, false)));
        return new Datasets(roots, limits, Long.MAX_VALUE);
    }
}
