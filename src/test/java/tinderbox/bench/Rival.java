package tinderbox.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** One way to count the words of a file, or of a folder's files, from the call to the result on disk. */
interface Rival {
    /** What it is called in the table. */
    String name();

    /** Counts; the time of this call is the figure. */
    void count(Path input, Path output) throws Exception;

    /** The rows of the last count as our own CSV, in {@code csv} or where they are, where it writes such rows. */
    Optional<Path> rows(Path output, Path csv) throws IOException;

    /** Whether it gets quicker with the first calls, which then don't count. */
    default boolean warmsUp() {
        return true;
    }

    /** Clears away the last count. */
    default void tidy(Path output) throws IOException {
        BenchFolders.delete(output);
    }
}
