package tinderbox.dataset;

import java.net.URI;
import java.util.List;
import tinderbox.job.Visibility;

/** A root: the folder below which its datasets are, on this machine or in another file system. Thread-safe. */
public interface DatasetRoot {
    /** Where it is, as the address of a folder; never shown to users. */
    URI location();

    /** Whether the workers of a cluster cannot read it: the server then sends them the files. */
    boolean isOnDriverOnly();

    /**
     * Finds a file or folder by the names that lead to it.
     *
     * @param names empty for the root itself
     * @return null if it does not exist, leads out of the root, or cannot be read
     * @throws tinderbox.job.JobException {@code storage_unavailable} if the file system of the root does not answer
     */
    ResolvedDataset resolve(List<String> names);

    /** Why {@link #resolve} has found nothing, as the end of a sentence that begins with the path. */
    default String missing(List<String> names) {
        return Datasets.MISSING;
    }

    /** The same root for somebody who sees what these submitters own; by default it belongs to nobody. */
    default DatasetRoot seenBy(Visibility visibility) {
        return this;
    }

    /**
     * Finds a file or folder by its address. The name of a file may be one that {@link #resolve} does not take.
     *
     * @param below the part of the address below the root, percent-encoded; empty for the root itself
     * @return null as above
     * @throws tinderbox.job.JobException as above
     */
    ResolvedDataset at(String below);
}
