package tinderbox.store;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs, once each, files in the server's folders that the server did not create or cannot read, and leaves them as they
 * are: a person may have put them there, or the disk may become readable again.
 */
final class UnknownFiles {
    private static final Logger LOG = LoggerFactory.getLogger(UnknownFiles.class);
    private static final int MAX_REPORTED = 100;

    private final Set<Path> reported = new HashSet<>();
    private boolean full;

    /**
     * Logs that a file or folder is left alone.
     *
     * @param reason a clause, such as "its name is not a job id"
     */
    synchronized void report(Path path, String reason) {
        if (reported.contains(path) || full) {
            return;
        }
        if (reported.size() == MAX_REPORTED) {
            full = true;
            LOG.warn("There are more than {} unknown files and folders; the others are not logged", MAX_REPORTED);
            return;
        }
        reported.add(path);
        LOG.warn("{} is left alone: {}", path, reason);
    }
}
