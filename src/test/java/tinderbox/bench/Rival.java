package tinderbox.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A program that counts the words of a file, or of the files in a folder, and writes the result to disk. */
interface Rival {
    /** Its name in the table. */
    String name();

    /** Counts; the duration of this call is measured. */
    void count(Path input, Path output) throws Exception;

    /** The rows of the last count in Tinderbox's CSV format, if it writes such rows; {@code csv} may be used for them. */
    Optional<Path> rows(Path output, Path csv) throws IOException;

    /** Whether it gets faster in the first calls, which then do not count. */
    default boolean warmsUp() {
        return true;
    }

    /** Deletes the result of the last count. */
    default void deleteOutput(Path output) throws IOException {
        BenchFolders.delete(output);
    }
}
