package tinderbox.dataset;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.stream.Stream;

/** A file or folder that a path was resolved to, as it was then. */
public interface ResolvedDataset {
    boolean isFolder();

    /** Why a job cannot read it, as the end of a sentence; null if it can. */
    default String whyNoInput() {
        return null;
    }

    /** The size of the file. */
    long bytes();

    /** Null if that must not be known. */
    Instant modifiedAt();

    /** How the file is compressed; of a link, the file to which it leads. */
    Compression compression();

    /** The file of a dataset, given the path of the dataset. */
    Dataset.File file(String path);

    /** Opens the file without following links that have appeared since. */
    SeekableByteChannel open() throws IOException;

    /** Everything directly in the folder, in no order; the caller closes it. Reading it throws unchecked exceptions. */
    Stream<Child> children() throws IOException;

    /** An entry of a folder. */
    interface Child {
        String name();

        /** The name as the last part of an address. */
        String encodedName();

        /** Whether it is a link, which may lead to a folder that it is in. */
        default boolean isLink() {
            return false;
        }

        /** The file or folder; null if it leads out of its root, cannot be read or is neither. */
        ResolvedDataset resolve();
    }
}
