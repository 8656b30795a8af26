package tinderbox.dataset.hadoop;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Replaces every Hadoop file system except the local one. So no job can be tricked into fetching something from the
 * network on the server's behalf. {@link HadoopSettings#install} installs it.
 */
public final class DeniedFileSystem extends FilterFileSystem {
    /** Called by {@code FileSystem}, which then calls {@link #initialize}. */
    public DeniedFileSystem() {}

    /** Called by {@code FileContext}, Hadoop's other API for file systems. */
    public DeniedFileSystem(URI uri, Configuration configuration) throws IOException {
        initialize(uri, configuration);
    }

    @Override
    public void initialize(URI uri, Configuration configuration) throws IOException {
        throw new UnsupportedFileSystemException("Jobs on this server read datasets, and nothing from "
                + uri.getScheme() + ":// addresses; ask the operator to copy the data to a root");
    }
}
