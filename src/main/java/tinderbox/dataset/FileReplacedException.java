package tinderbox.dataset;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Where a file was found there is a link now, or something else that is no file; where a link leads is not looked at. */
public final class FileReplacedException extends FileSystemException {
    private static final long serialVersionUID = 1;

    FileReplacedException(Path file) {
        super(file.toString(), null, "something else has taken its place");
    }
}
