package tinderbox.dataset.hadoop;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.SparkEnv;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.DriverConnection;
import tinderbox.dataset.RootUnreachableException;
import tinderbox.dataset.UnreadableOnWorkerException;

/**
 * Opens the files of a {@link HadoopRoot}, in the server and in executors. It has HDFS clients of its own: {@code hdfs:}
 * addresses stay denied to jobs.
 *
 * @param root the address of the root
 */
record HadoopFiles(URI root) implements Dataset.Opener {
    private static final long serialVersionUID = 1;

    private static final String PREFIX = "spark.hadoop.";

    /** Hadoop would try for a quarter of an hour to reach a namenode that does not answer. The operator can change these. */
    private static final Map<String, String> BOUNDS = Map.of(
            "ipc.client.connect.timeout", "5000",
            "ipc.client.connect.max.retries", "1",
            "ipc.client.connect.max.retries.on.timeouts", "0",
            "ipc.client.rpc-timeout.ms", "10000",
            "ipc.client.connection.maxidletime", "10000",
            "dfs.client.socket-timeout", "15000",
            "dfs.client.max.block.acquire.failures", "2",
            "fs.client.resolve.remote.symlinks", "false");

    /** The operator's settings; in executors those of Spark. */
    private static final Map<String, String> SETTINGS = new ConcurrentHashMap<>();

    /** Clients by authority; a process needs few, and keeps them. */
    private static final Map<String, FileSystem> SYSTEMS = new ConcurrentHashMap<>();

    /** Sets the Spark settings of the server; those that begin with {@code spark.hadoop.} change the clients. */
    static void configure(Map<String, String> sparkConf) {
        SETTINGS.putAll(sparkConf);
    }

    /** The client for the root. */
    FileSystem system() throws IOException {
        FileSystem known = SYSTEMS.get(root.getAuthority());
        if (known != null) {
            return known;
        }
        FileSystem system = new DistributedFileSystem();
        try {
            system.initialize(root, configuration());
        } catch (IllegalArgumentException e) {
            // That is how Hadoop reports an unknown host.
            throw new IOException(e);
        }
        FileSystem first = SYSTEMS.putIfAbsent(root.getAuthority(), system);
        if (first == null) {
            return system;
        }
        system.close();
        return first;
    }

    private static Configuration configuration() {
        Configuration configuration = new Configuration();
        BOUNDS.forEach(configuration::set);
        if (SparkEnv.get() != null) {
            for (var setting : SparkEnv.get().conf().getAll()) {
                set(configuration, setting._1(), setting._2());
            }
        }
        SETTINGS.forEach((name, value) -> set(configuration, name, value));
        return configuration;
    }

    private static void set(Configuration configuration, String name, String value) {
        if (name.startsWith(PREFIX)) {
            configuration.set(name.substring(PREFIX.length()), value);
        }
    }

    @Override
    public SeekableByteChannel open(Dataset.File file) throws IOException {
        try {
            return new HadoopChannel(system().open(new Path(file.location())), file.bytes());
        } catch (FileNotFoundException e) {
            throw new NoSuchFileException(file.address());
        } catch (AccessControlException e) {
            throw new AccessDeniedException(file.address());
        } catch (IOException e) {
            throw DriverConnection.onWorker()
                    .map(host -> (IOException) new UnreadableOnWorkerException(
                            file.address(),
                            host,
                            "can that machine reach the HDFS of the root? " + NamenodeCalls.reason(e),
                            e))
                    .orElseGet(() -> new RootUnreachableException(NamenodeCalls.reason(e), e));
        }
    }
}
