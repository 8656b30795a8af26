package tinderbox.dataset.hadoop;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.scheduler.EventLoggingListener;
import tinderbox.dataset.DatasetAddress;
import tinderbox.dataset.DatasetRoot;
import tinderbox.dataset.DatasetTree;
import tinderbox.dataset.DriverRoot;
import tinderbox.dataset.InputLimits;
import tinderbox.dataset.LocalRoot;
import tinderbox.dataset.RootProbe;

/**
 * What jobs can open through Hadoop's file systems: datasets by {@code tb:} addresses, and the folders in which Spark
 * writes. Spark sends its settings to all executors.
 */
public final class HadoopSettings {
    /** Replaces the file systems in every configuration of the process, also in those that job types create. */
    private static final String DEFAULTS = "tinderbox-file-systems.xml";

    private static final String PREFIX = "spark.hadoop.";
    private static final String ROOTS = "fs.tb.roots";
    private static final String ON_DRIVER_ONLY = "fs.tb.roots-on-driver-only";
    private static final String MAX_BYTES = "fs.tb.max-input-bytes";
    private static final String MAX_EXPANSION = "fs.tb.max-expansion";
    private static final String FOLDERS = "fs.file.folders";
    private static final String ACTIVE_JOBS = "fs.file.active-jobs";

    private static final String MAX_LINE = "fs.tb.max-line-bytes";

    private HadoopSettings() {}

    /** Installs the file systems in this process. */
    public static void install() {
        Configuration.addDefaultResource(DEFAULTS);
    }

    /** Has the operator's Spark settings that begin with {@code spark.hadoop.} change the HDFS clients of this process. */
    public static void configure(Map<String, String> sparkConf) {
        HadoopFiles.configure(sparkConf);
    }

    /**
     * The settings for Spark.
     *
     * @param roots the roots of the datasets, by name
     * @param folders the folders and files of this machine that may be used with {@code file:} addresses
     * @param activeJobs the folder with the folders of unfinished jobs, whose {@code attempt-<n>} may be used as well
     */
    public static Map<String, String> of(
            Map<String, DatasetRoot> roots, InputLimits limits, List<Path> folders, Path activeJobs) {
        Map<String, String> settings = new LinkedHashMap<>();
        List<String> pairs = new ArrayList<>();
        List<String> onDriverOnly = new ArrayList<>();
        roots.forEach((name, root) -> {
            pairs.add(name + " " + root.location());
            if (root.isOnDriverOnly()) {
                onDriverOnly.add(name);
            }
        });
        settings.put(PREFIX + ROOTS, String.join(" ", pairs));
        settings.put(PREFIX + ON_DRIVER_ONLY, String.join(" ", onDriverOnly));
        settings.put(PREFIX + MAX_BYTES, Long.toString(limits.maxBytes()));
        settings.put(PREFIX + MAX_EXPANSION, Integer.toString(limits.maxExpansion()));
        settings.put(
                PREFIX + FOLDERS,
                String.join(
                        " ",
                        folders.stream()
                                .map(folder -> folder.toUri().toString())
                                .toList()));
        settings.put(PREFIX + ACTIVE_JOBS, activeJobs.toUri().toString());
        settings.put(PREFIX + "fs." + DatasetAddress.SCHEME + ".impl", DatasetFileSystem.class.getName());
        // A cached instance would have the roots and limits with which it was created.
        settings.put(PREFIX + "fs." + DatasetAddress.SCHEME + ".impl.disable.cache", "true");
        settings.put(
                PREFIX + "io.compression.codecs",
                String.join(",", codecs().stream().map(Class::getName).toList()));
        return settings;
    }

    /** The folders and files that the operator names in Spark settings, such as {@code spark.eventLog.dir}. */
    public static List<Path> folders(Map<String, String> sparkConf) {
        List<Path> folders = new ArrayList<>();
        for (String value : sparkConf.values()) {
            for (String text : value.split(",", -1)) {
                String path = text.trim().replaceFirst("^file:/+", "/");
                if (path.startsWith("/")) {
                    folders.add(Path.of(path).normalize());
                }
            }
        }
        if ("true".equals(sparkConf.get("spark.eventLog.enabled")) && !sparkConf.containsKey("spark.eventLog.dir")) {
            folders.add(Path.of(EventLoggingListener.DEFAULT_LOG_DIR()));
        }
        // Not the root itself, which may also be a path on a web server.
        folders.removeIf(folder -> folder.getNameCount() == 0);
        return folders;
    }

    private static List<Class<? extends CompressionCodec>> codecs() {
        return List.of(DatasetCodec.Gzip.class, DatasetCodec.Bzip2.class, DatasetCodec.Zstd.class);
    }

    /**
     * The names of the roots that all workers should see, but this executor cannot read. A root that does not answer within
     * some seconds, such as one on a server that is away, is not readable. Nor is one that is empty here only: it is the
     * mount point of something that is not mounted.
     *
     * @param filledOnDriver whether the driver sees something in a root; called only if this executor sees nothing there
     */
    public static List<String> unreadableRoots(SparkConf settings, Predicate<String> filledOnDriver) {
        DatasetTree datasets = datasets(SparkHadoopUtil.get().newConfiguration(settings));
        List<String> unreadable = new ArrayList<>(datasets.folders());
        unreadable.removeIf(root -> RootProbe.holds(
                root,
                () -> datasets.at("/" + root).isPresent() && (datasets.isFilled(root) || !filledOnDriver.test(root))));
        return unreadable;
    }

    /** A root as the settings describe it. */
    private record SentRoot(String name, URI location, boolean onDriverOnly) {}

    private static List<SentRoot> roots(Configuration configuration) {
        List<String> onDriverOnly =
                List.of(configuration.get(ON_DRIVER_ONLY, "").split(" ", -1));
        String[] words = configuration.get(ROOTS, "").split(" ", -1);
        List<SentRoot> roots = new ArrayList<>();
        for (int i = 0; i + 1 < words.length; i += 2) {
            roots.add(new SentRoot(words[i], URI.create(words[i + 1]), onDriverOnly.contains(words[i])));
        }
        return roots;
    }

    /** The datasets that these settings describe. */
    static DatasetTree datasets(Configuration configuration) {
        Map<String, DatasetRoot> roots = new LinkedHashMap<>();
        for (SentRoot root : roots(configuration)) {
            roots.put(
                    root.name(),
                    root.onDriverOnly()
                            ? DriverRoot.of(root.name(), root.location())
                            : root(root.name(), root.location(), true));
        }
        return new DatasetTree(roots);
    }

    /** The folders of the roots that this machine should see, by name. */
    public static Map<String, Path> localRoots(Configuration configuration) {
        Map<String, Path> folders = new LinkedHashMap<>();
        for (SentRoot root : roots(configuration)) {
            if (root.location().getScheme().equals("file") && !root.onDriverOnly()) {
                folders.put(root.name(), Path.of(root.location()));
            }
        }
        return folders;
    }

    /**
     * A root.
     *
     * @param location its folder, with the scheme {@code file} or {@code hdfs}
     * @param shared whether all workers of a cluster can read it
     */
    public static DatasetRoot root(String name, URI location, boolean shared) {
        return location.getScheme().equals("hdfs")
                ? new HadoopRoot(name, location)
                : new LocalRoot(name, Path.of(location), shared);
    }

    /** The option of Spark's sources that limits how long a line of a text may be, in bytes. */
    public static Map<String, String> maxLine(long bytes) {
        return Map.of(MAX_LINE, Long.toString(bytes));
    }

    /** The limit for the lines of a text; null if there is none. */
    static LineLimit lineLimit(Configuration configuration) {
        long max = configuration.getLong(MAX_LINE, 0);
        return max == 0 ? null : new LineLimit(max);
    }

    static InputLimits limits(Configuration configuration) {
        return new InputLimits(configuration.getLong(MAX_BYTES, 0), configuration.getInt(MAX_EXPANSION, 1));
    }

    /** The folder with the folders of unfinished jobs; null if the settings do not say. */
    static Path activeJobs(Configuration configuration) {
        String uri = configuration.get(ACTIVE_JOBS);
        return uri == null ? null : Path.of(URI.create(uri));
    }

    /** The folders and files that may be used with {@code file:} addresses. */
    static List<Path> folders(Configuration configuration) {
        List<Path> folders = new ArrayList<>();
        for (String uri : configuration.get(FOLDERS, "").split(" ", -1)) {
            if (!uri.isEmpty()) {
                folders.add(Path.of(URI.create(uri)));
            }
        }
        return folders;
    }
}
