package tinderbox.dataset;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A path that led to a regular file has since become a link or something else. */
public final class FileReplacedException extends FileSystemException {
    private static final long serialVersionUID = 1;

    FileReplacedException(Path file) {
        super(file.toString(), null, "something else has taken its place");
    }
}
