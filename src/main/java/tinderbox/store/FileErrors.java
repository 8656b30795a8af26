package tinderbox.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import tinderbox.job.StorageFailure;

/** Says why a file could not be used, without the name of a Java class. */
public final class FileErrors {
    private static final String UNKNOWN = "input or output failed";

    private FileErrors() {}

    /** What happened, and to which file if that is known. */
    public static String describe(IOException e) {
        if (e instanceof FileSystemException failed) {
            String reason = describeWithoutPath(e);
            return failed.getFile() == null ? reason : reason + ": " + failed.getFile();
        }
        return e.getMessage() == null || e.getMessage().isBlank() ? UNKNOWN : e.getMessage();
    }

    /** What happened, for readers who are not to see the machine's paths. */
    static String describeWithoutPath(IOException e) {
        if (StorageFailure.isFull(e)) {
            return "no space or no inodes are left";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof NotDirectoryException) {
            return "not a folder";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "it already exists";
        }
        return e instanceof FileSystemException failed && failed.getReason() != null ? failed.getReason() : UNKNOWN;
    }
}
