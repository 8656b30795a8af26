package tinderbox.store;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lies in the server's folders and is not the server's, or cannot be read: it is named in the log, once, and left
 * as it is. A person may have put it there, or the disk may give it back another day.
 */
final class UnknownFiles {
    private static final Logger LOG = LoggerFactory.getLogger(UnknownFiles.class);
    private static final int MOST_NAMED = 100;

    private final Set<Path> named = new HashSet<>();
    private boolean full;

    /** Names a stray, and says why it is one. */
    synchronized void leave(Path path, String why) {
        if (named.contains(path) || full) {
            return;
        }
        if (named.size() == MOST_NAMED) {
            full = true;
            LOG.warn("There are more than {} such files and folders; the others are not named", MOST_NAMED);
            return;
        }
        named.add(path);
        LOG.warn("{} is left alone: {}", path, why);
    }
}
