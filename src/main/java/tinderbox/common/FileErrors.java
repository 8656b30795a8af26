package tinderbox.common;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;

/** Describes failures of files without naming Java classes. */
public final class FileErrors {
    private static final String UNKNOWN = "input or output failed";

    private FileErrors() {}

    /** What happened, and the file if it is known. */
    public static String describe(IOException e) {
        if (e instanceof FileSystemException failed) {
            String reason = describeWithoutPath(e);
            return failed.getFile() == null ? reason : reason + ": " + failed.getFile();
        }
        return e.getMessage() == null || e.getMessage().isBlank() ? UNKNOWN : e.getMessage();
    }

    /** What happened, for readers who must not see paths of the machine. */
    public static String describeWithoutPath(IOException e) {
        if (isFull(e)) {
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

    /** Whether there is no space: no bytes, no inodes, or an exhausted quota. */
    public static boolean isFull(Throwable e) {
        return Causes.of(e)
                .map(cause -> String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT))
                .anyMatch(message -> message.contains("no space left") || message.contains("quota exceeded"));
    }

    /** Whether there is something other than a file at its path, so a retry makes no sense. */
    public static boolean isMisplaced(IOException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return e instanceof NotDirectoryException
                || message.endsWith("is a directory")
                || message.endsWith("not a directory");
    }
}
