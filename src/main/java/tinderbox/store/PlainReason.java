package tinderbox.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says why a file could not be used, without the name of a Java class. */
public final class PlainReason {
    private PlainReason() {}

    /** What happened, and to which file if that is known. */
    public static String of(IOException e) {
        if (e instanceof FileSystemException failed) {
            String reason = reason(failed);
            return failed.getFile() == null ? reason : reason + ": " + failed.getFile();
        }
        return e.getMessage() == null || e.getMessage().isBlank() ? "input or output failed" : e.getMessage();
    }

    private static String reason(FileSystemException e) {
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
        return e.getReason() == null ? "input or output failed" : e.getReason();
    }
}
