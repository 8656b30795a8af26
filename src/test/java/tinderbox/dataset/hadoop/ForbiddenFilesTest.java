package tinderbox.dataset.hadoop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.lib.input.TextInputFormat;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tinderbox.jobtype.JobContext;
import tinderbox.support.ApiClient;
import tinderbox.support.LambdaJob;
import tinderbox.support.TestServer;

/** Planted job types that open a file of the machine by mistake. */
class ForbiddenFilesTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final String SECRET = "/etc/hostname";

    private final ApiClient apiClient = new ApiClient(SERVER);

    /** A way to open a file, with a name for messages. */
    private record Way(String name, LambdaJob.Body body) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static JavaSparkContext java(JobContext context) {
        return JavaSparkContext.fromSparkContext(context.spark().sparkContext());
    }

    private static Configuration settings(JobContext context) {
        return context.spark().sparkContext().hadoopConfiguration();
    }

    private interface Opening {
        Object open(JobContext context) throws Exception;
    }

    private static Way way(String name, Opening opening) {
        return new Way(name, context -> Map.of("read", String.valueOf(opening.open(context))));
    }

    static Stream<Way> ways() {
        Stream<Way> sources = Stream.of("text", "csv", "json", "parquet", "orc", "binaryFile")
                .flatMap(format -> Stream.of("", "file:", "file://")
                        .map(scheme -> way(
                                "spark.read." + format + " " + scheme,
                                context -> context.spark()
                                        .read()
                                        .format(format)
                                        .load(scheme + SECRET)
                                        .collectAsList())));
        Stream<Way> others = Stream.of(
                way("textFile", context -> java(context).textFile(SECRET).collect()),
                way(
                        "textFile file:",
                        context -> java(context).textFile("file:" + SECRET).collect()),
                way(
                        "wholeTextFiles",
                        context -> java(context).wholeTextFiles(SECRET).collect()),
                way(
                        "binaryFiles",
                        context -> java(context).binaryFiles(SECRET).keys().collect()),
                way(
                        "newAPIHadoopFile",
                        context -> java(context)
                                .newAPIHadoopFile(
                                        "file:" + SECRET,
                                        TextInputFormat.class,
                                        LongWritable.class,
                                        Text.class,
                                        new Configuration())
                                .count()),
                way("addFile", context -> {
                    java(context).addFile(SECRET);
                    return "added";
                }),
                way(
                        "FileSystem",
                        context -> FileSystem.get(URI.create("file:///"), settings(context))
                                .open(new org.apache.hadoop.fs.Path(SECRET))),
                way(
                        "FileSystem of an empty configuration",
                        context -> FileSystem.get(new Configuration()).open(new org.apache.hadoop.fs.Path(SECRET))),
                way("Path.getFileSystem", context -> {
                    var path = new org.apache.hadoop.fs.Path("file:" + SECRET);
                    return path.getFileSystem(new Configuration()).open(path);
                }),
                way(
                        "getLocal",
                        context -> FileSystem.getLocal(settings(context))
                                .getRaw()
                                .open(new org.apache.hadoop.fs.Path(SECRET))),
                way(
                        "getFileLinkStatus",
                        context -> FileSystem.get(settings(context))
                                .getFileLinkStatus(new org.apache.hadoop.fs.Path(SECRET))),
                way(
                        "parent folder",
                        context -> FileSystem.get(settings(context))
                                .open(new org.apache.hadoop.fs.Path(context.scratch() + "/../../../../.." + SECRET))),
                way(
                        "FileContext",
                        context -> FileContext.getFileContext(settings(context))
                                .open(new org.apache.hadoop.fs.Path(SECRET))),
                way(
                        "FileContext of an empty configuration",
                        context -> FileContext.getFileContext().open(new org.apache.hadoop.fs.Path(SECRET))),
                way(
                        "the job's own folder",
                        context -> FileSystem.get(settings(context))
                                .open(new org.apache.hadoop.fs.Path(
                                        context.scratch().resolveSibling("request.json") + ""))),
                way("write", context -> {
                    context.spark().range(1).write().csv(SERVER.root() + "/written");
                    return "written";
                }));
        return Stream.concat(sources, others);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aPlantedJobTypeIsRefused(Way way) {
        Map<String, Object> job = LambdaJob.run(apiClient, way.body());
        assertEquals(
                Map.of(
                        "code", "job_error",
                        "message", "Jobs on this server read datasets, and no other files of the machine",
                        "hint",
                                "the job type opens its input with context.input(…), and gives Spark the addresses of"
                                        + " its files"),
                job.get("error"),
                () -> "summary: " + job.get("summary"));
    }
}
