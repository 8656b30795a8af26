package tinderbox.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/**
 * A real HDFS with one datanode, on loopback. It is a process of its own, because it needs file systems that are denied in
 * the process of the tests; it ends with that.
 */
public final class MiniHdfs implements AutoCloseable {
    private static final String READY = "HDFS is at ";

    private final Process process;
    private final URI uri;

    private MiniHdfs(Process process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    /** Starts an empty one whose files are in this folder. */
    public static MiniHdfs start(Path folder) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MiniHdfs.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        StringBuilder output = new StringBuilder();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            output.append(line).append('\n');
            if (line.startsWith(READY)) {
                drain(lines);
                return new MiniHdfs(process, URI.create(line.substring(READY.length())));
            }
        }
        throw new IOException("HDFS does not start:\n" + output);
    }

    /** Otherwise the process would wait once its output has filled the pipe. */
    private static void drain(BufferedReader lines) {
        Thread reader = new Thread(
                () -> {
                    try {
                        lines.transferTo(Writer.nullWriter());
                    } catch (IOException e) {
                        // The process has ended.
                    }
                },
                "output-of-hdfs");
        reader.setDaemon(true);
        reader.start();
    }

    /** Runs until the standard input ends. */
    public static void main(String[] arguments) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set("dfs.replication", "1");
        try (MiniDFSCluster hdfs = new MiniDFSCluster.Builder(
                        configuration, Path.of(arguments[0]).toFile())
                .numDataNodes(1)
                .build()) {
            System.out.println(READY + hdfs.getURI());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** The address of its root folder, without a slash at the end. */
    public URI uri() {
        return uri;
    }

    /** A client that may do everything; the caller closes it. */
    public FileSystem client() throws IOException {
        DistributedFileSystem client = new DistributedFileSystem();
        client.initialize(uri, new Configuration());
        return client;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
