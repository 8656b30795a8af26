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
 * Stands in a session for each of Hadoop's file systems that no root is on. Whatever a job is talked into, its process
 * fetches nothing from the network in the server's name. The local one stays: roots and Spark's own files are there.
 */
public final class DeniedFileSystem extends FilterFileSystem {
    /** All that Hadoop knows of, be it in its default configuration or as a service, but {@code file}. */
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

    /** For {@code FileSystem}, which then calls {@link #initialize}. */
    public DeniedFileSystem() {}

    /** For {@code FileContext}, Hadoop's other way to a file system, which asks for this constructor. */
    public DeniedFileSystem(URI uri, Configuration configuration) throws IOException {
        initialize(uri, configuration);
    }

    /** The settings that put it in the place of others, by their Spark names; the operator's may say otherwise. */
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
                + uri.getScheme() + ":// addresses; have the data put into a root");
    }
}
