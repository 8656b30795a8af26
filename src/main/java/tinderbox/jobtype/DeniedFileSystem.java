package tinderbox.jobtype;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Replaces every Hadoop file system except the local one. So no job can be tricked into fetching something from the
 * network on the server's behalf. Roots and Spark's own files are on the local file system.
 */
public final class DeniedFileSystem extends FilterFileSystem {
    /** All that Hadoop has by default configuration or as a service, except {@code file}. */
    private static final List<String> SCHEMES = List.of(
            "abfs",
            "abfss",
            "adl",
            "ftp",
            "gs",
            "har",
            "hdfs",
            "http",
            "https",
            "o3fs",
            "obs",
            "ofs",
            "s3a",
            "sftp",
            "swebhdfs",
            "viewfs",
            "wasb",
            "wasbs",
            "webhdfs");

    /** Called by {@code FileSystem}, which then calls {@link #initialize}. */
    public DeniedFileSystem() {}

    /** Called by {@code FileContext}, Hadoop's other API for file systems. */
    public DeniedFileSystem(URI uri, Configuration configuration) throws IOException {
        initialize(uri, configuration);
    }

    /** The Spark settings that install it. Settings of the operator override them. */
    public static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String scheme : SCHEMES) {
            settings.put("spark.hadoop.fs." + scheme + ".impl", DeniedFileSystem.class.getName());
            settings.put("spark.hadoop.fs.AbstractFileSystem." + scheme + ".impl", DeniedFileSystem.class.getName());
        }
        return settings;
    }

    @Override
    public void initialize(URI uri, Configuration configuration) throws IOException {
        throw new UnsupportedFileSystemException("Jobs on this server read datasets, and nothing from "
                + uri.getScheme() + ":// addresses; ask the operator to copy the data to a root");
    }
}
