package tinderbox.dataset;

import java.nio.file.FileSystemException;

/** A path that led to a regular file has since become a link or something else. */
public final class FileReplacedException extends FileSystemException {
    private static final long serialVersionUID = 1;

    /** The path or the address of the file. */
    public FileReplacedException(String file) {
        super(file, null, "something else has taken its place");
    }
}
