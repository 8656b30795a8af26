package tinderbox.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;
import tinderbox.store.files.AtomicFiles;

/** Folders for the scratch files of one process, with a generated name such as {@code run-<uuid>}. */
public final class RunFolders {
    /** Spark names its folders in the same way. */
    private static final Pattern GENERATED_NAME = Pattern.compile("[a-z]+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private RunFolders() {}

    /** A new name that no other process uses. */
    public static String newName() {
        return "run-" + UUID.randomUUID();
    }

    /**
     * Deletes the folders that earlier processes left next to {@code own}. Logs what does not have a generated name,
     * and leaves it alone. Call only while the data dir is locked.
     */
    public static void deleteOthers(Path own) throws IOException {
        deleteOthers(own, new UnknownFiles());
    }

    static void deleteOthers(Path own, UnknownFiles unknownFiles) throws IOException {
        for (Path child : JobFolders.children(own.getParent()).toList()) {
            if (child.equals(own)) {
                continue;
            }
            if (GENERATED_NAME.matcher(child.getFileName().toString()).matches()
                    && Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                AtomicFiles.delete(child);
            } else {
                unknownFiles.report(child, "the server did not create it");
            }
        }
    }
}
