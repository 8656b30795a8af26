package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.support.ApiClient;
import tinderbox.support.MiniHdfs;

/**
 * Inputs on a cluster whose workers see neither the data dir nor the root {@code lab}, and of which the second does not see
 * the root {@code shared} either; both can read the HDFS, and see an older copy of the root {@code copied}.
 */
class ClusterInputsIT {
    private static final int MIB = 1 << 20;

    @TempDir
    private static Path base;

    private static MiniHdfs hdfs;
    /** Accepts connections, as the kernel does for a frozen namenode, and never answers. */
    private static ServerSocket frozen;

    private static Cluster cluster;
    private static ServerProcess onCluster;
    private static ServerProcess local;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to hide folders from workers");
        Path lab = Files.createDirectories(base.resolve("driver/lab"));
        Files.writeString(lab.resolve("Wörter 100%.txt"), "to be or not to be\n");
        writeWords(lab.resolve("words.txt"), 12 * MIB);
        for (int i = 0; i < 4; i++) {
            writeBlanks(Files.createDirectories(lab.resolve("blanks")).resolve(i + ".txt.gz"), 28 * MIB);
        }
        Files.createDirectories(base.resolve("shared"));
        Files.createDirectories(base.resolve("empty"));
        Files.writeString(Files.createDirectories(base.resolve("copied")).resolve("a.txt"), "to be or not to be\n");
        writeWords(base.resolve("shared/words.txt"), 12 * MIB);
        hdfs = MiniHdfs.start(base.resolve("hdfs"));
        frozen = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        try (FileSystem client = hdfs.client()) {
            copy(client, lab.resolve("words.txt"), "/lab/words.txt");
            copy(client, lab.resolve("Wörter 100%.txt"), "/lab/Wörter 100%.txt");
        }
        Path data = Files.createDirectories(base.resolve("data"));
        cluster = Cluster.in(base.resolve("cluster"));
        cluster.startMaster();
        cluster.startWorker(without(base.resolve("driver"), data));
        cluster.startWorker(without(base.resolve("driver"), data, base.resolve("shared")));
        cluster.workers().forEach(ClusterNode::awaitRegistered);
        onCluster = server(data).with(cluster.quickServerOptions()).start();
        local = server(base.resolve("local")).with("--master", "local[2]").start();
    }

    /** A program that hides these folders from the process that it becomes. */
    private static List<String> without(Path... hidden) {
        StringBuilder script = new StringBuilder();
        for (Path folder : hidden) {
            script.append("mount -t tmpfs none '").append(folder).append("' && ");
        }
        Path copied = base.resolve("copied");
        script.append("mount -t tmpfs none '" + copied + "' && echo to be >'" + copied + "/a.txt' && ");
        return List.of("unshare", "-m", "sh", "-c", script + "exec \"$@\"", "sh");
    }

    private static ServerProcess.Launch server(Path data) {
        return ServerProcess.on(data)
                .with("--root", "lab=" + base.resolve("driver/lab"))
                .with("--root", "shared=" + base.resolve("shared").toUri())
                .with("--root", "empty=" + base.resolve("empty").toUri())
                .with("--root", "copied=" + base.resolve("copied").toUri())
                .with("--root", "far=" + hdfs.uri() + "/lab")
                .with("--root", "dead=hdfs://127.0.0.1:1/lab")
                .with("--root", "frozen=hdfs://127.0.0.1:" + frozen.getLocalPort() + "/lab")
                // Otherwise a client waits for some seconds before it gives up a file whose blocks are lost.
                .with("--spark-conf", "spark.hadoop.dfs.client.retry.window.base=10")
                .with("--max-input-bytes", "96MiB", "--max-expansion", "1000000");
    }

    private static void writeWords(Path file, int bytes) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < bytes; i++) {
            text.append("word-").append(i % 50_000).append(i % 9 == 0 ? '\n' : ' ');
        }
        Files.writeString(file, text);
    }

    /** So many words that do not compress that the file gets a task of its own, and blanks. */
    private static void writeBlanks(Path file, int bytes) throws IOException {
        byte[] noise = new byte[300 << 10];
        new Random(bytes).nextBytes(noise);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(Base64.getMimeEncoder().encode(noise));
            out.write(" ".repeat(bytes).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void copy(FileSystem client, Path file, String to) throws IOException {
        try (OutputStream out = client.create(path(to))) {
            Files.copy(file, out);
        }
    }

    private static org.apache.hadoop.fs.Path path(String path) {
        return new org.apache.hadoop.fs.Path("hdfs", hdfs.uri().getAuthority(), path);
    }

    @AfterAll
    static void stop() {
        for (AutoCloseable part : new AutoCloseable[] {local, onCluster, cluster, frozen, hdfs}) {
            try {
                if (part != null) {
                    part.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Map<String, Object> run(ServerProcess server, String input) {
        return server.apiClient().run("word-count", Map.of("input", input));
    }

    private static String csv(ServerProcess server, String input) {
        Map<String, Object> job = run(server, input);
        assertEquals("SUCCEEDED", job.get("status"), () -> "error: " + job.get("error"));
        return server.apiClient().csv(job.get("job_id").toString());
    }

    private static Map<String, Object> submit(ServerProcess server, String input) {
        return ApiClient.json(JobClient.submit(
                server.apiClient(), null, "{\"type\":\"word-count\",\"params\":{\"input\":\"" + input + "\"}}"));
    }

    private static Map<String, Object> get(ServerProcess server, String path) {
        return ApiClient.json(
                server.apiClient().send(server.apiClient().request(path).build()));
    }

    private static String firstProblem(Map<String, Object> refused) {
        Map<?, ?> problem = (Map<?, ?>) ((List<?>) refused.get("errors")).get(0);
        return problem.get("field") + " " + problem.get("message");
    }

    private static Map<?, ?> error(Map<String, Object> job) {
        assertEquals("FAILED", job.get("status"), job::toString);
        return (Map<?, ?>) job.get("error");
    }

    @Test
    void filesThatOnlyTheServerSeesTravelToTheWorkers() {
        for (String input : List.of("samples/moby-dick.txt", "lab/words.txt", "lab/Wörter 100%.txt", "lab")) {
            assertEquals(csv(local, input), csv(onCluster, input), input);
        }
    }

    @Test
    void anHdfsIsReadByServerAndWorkers() {
        assertEquals(csv(local, "lab/words.txt"), csv(local, "far/words.txt"));
        assertEquals(csv(local, "lab"), csv(onCluster, "far"));
        assertEquals(csv(local, "lab/Wörter 100%.txt"), csv(onCluster, "far/Wörter 100%.txt"));
    }

    @Test
    void aRootThatAWorkerCannotReadIsNamedAtOnce() {
        Map<String, Object> job = run(onCluster, "shared/words.txt");
        Map<?, ?> error = error(job);
        assertEquals("unreadable_on_worker", error.get("code"), job::toString);
        assertEquals("The worker on 127.0.0.2 cannot read shared/words.txt", error.get("message"));
        assertEquals("is the folder of the root shared mounted there?", error.get("hint"));
        assertEquals(1L, job.get("attempt"), job::toString);
    }

    @Test
    void aFileThatIsSmallerOnAWorkerIsNotCounted() {
        Map<?, ?> error = error(run(onCluster, "copied/a.txt"));
        assertEquals("unreadable_on_worker", error.get("code"), error::toString);
        assertEquals(
                "the file is smaller there than on the server; is the same folder mounted there?", error.get("hint"));
    }

    /** The second worker sees an empty folder in the place of {@code shared}, as if nothing was mounted there. */
    @Test
    void aRootThatIsEmptyOnAWorkerOnlyIsListed() {
        Map<Object, Object> unreadable = new HashMap<>();
        await().atMost(Duration.ofMinutes(1)).until(() -> executors().size() == 2);
        for (Object each : executors()) {
            unreadable.put(((Map<?, ?>) each).get("host"), ((Map<?, ?>) each).get("unreadable_roots"));
        }
        assertEquals(Map.of("127.0.0.1", List.of(), "127.0.0.2", List.of("shared")), unreadable);
    }

    private static List<?> executors() {
        return (List<?>) get(onCluster, "/api/v1/server").get("executors");
    }

    @Test
    void whatIsTooLargeToTravelIsRefused() throws IOException {
        Path folder = Files.createDirectories(base.resolve("driver/lab/large"));
        for (int i = 0; i < 2; i++) {
            try (RandomAccessFile file =
                    new RandomAccessFile(folder.resolve(i + ".txt").toFile(), "rw")) {
                file.setLength(33L * MIB);
            }
        }
        Map<String, Object> refused = submit(onCluster, "lab/large");
        assertEquals("invalid_job", refused.get("code"), refused::toString);
        assertEquals(
                "params.input has 69206016 bytes that only the server can read, and it sends at most 67108864 to the workers"
                        + " for one job; choose a smaller input, or ask the operator to put it where all workers can read it"
                        + "; --root NAME=file:/path names such a folder, --root NAME=hdfs://host:port/path one of an HDFS,"
                        + " and --shared-data-dir says that the data dir is one",
                firstProblem(refused));
        assertEquals("PENDING", submit(local, "lab/large").get("status"));
    }

    @Test
    void aResultThatIsTooLargeToTravelIsNoTableThere() {
        String id = onCluster
                .apiClient()
                .run("sql", Map.of("query", "SELECT repeat('x', 1000) AS x FROM range(70000)"))
                .get("job_id")
                .toString();
        Map<String, Object> refused = ApiClient.json(JobClient.submit(
                onCluster.apiClient(),
                null,
                "{\"type\":\"sql\",\"params\":{\"query\":\"SELECT count(*) FROM `results/" + id + "`\"}}"));
        assertEquals("invalid_job", refused.get("code"), refused::toString);
        assertTrue(
                firstProblem(refused)
                        .startsWith("params.query has 70070002 bytes that only the server can read, and it sends at"
                                + " most 67108864 to the workers for one job"),
                refused::toString);
    }

    @Test
    void queriesReturnWhatTheyReturnLocally() throws IOException {
        Path folder = Files.createDirectories(base.resolve("driver/lab/csv"));
        Files.writeString(
                folder.resolve("numbers.csv"),
                "n,word\n"
                        + IntStream.range(0, 200_000)
                                .mapToObj(n -> n + ",word-" + n % 5_000)
                                .collect(Collectors.joining("\n")));
        for (String query : List.of(
                // Several pieces from each task.
                "SELECT n, word, repeat(word, 3) AS more FROM `lab/csv/numbers.csv` ORDER BY word, n DESC",
                "SELECT word, count(*) AS c, array_sort(collect_list(n)) AS all FROM `lab/csv/numbers.csv` GROUP BY word"
                        + " ORDER BY word LIMIT 100",
                "SELECT a.iata, b.count FROM `samples/air/airports.csv` a"
                        + " JOIN `samples/air/routes-2008.csv` b ON a.iata = b.origin ORDER BY 1, 2",
                "SELECT 1 AS one WHERE false")) {
            assertEquals(answer(local, query), answer(onCluster, query), query);
        }
    }

    private static String answer(ServerProcess server, String query) {
        Map<String, Object> job = server.apiClient().run("sql", Map.of("query", query));
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        return server.apiClient().csv((String) job.get("job_id"));
    }

    @Test
    void theLimitOfUnpackedBytesHoldsForAllExecutorsTogether() {
        Map<?, ?> error = error(run(onCluster, "lab/blanks"));
        assertEquals("limit_exceeded", error.get("code"), error::toString);
        assertTrue(
                error.get("message").toString().endsWith("takes the job beyond 100663296 bytes of unpacked input"),
                error::toString);
    }

    @Test
    void foldersOfAnHdfsAreListedAndPreviewedAsLocalOnes() throws IOException {
        List<String> names =
                List.of("a b.txt", "a%20b.txt", "a\nb.txt", "a,b*.txt", "_hidden.txt", ".hidden.txt", "x.snappy");
        Path folder = Files.createDirectories(base.resolve("shared/odd"));
        Files.createDirectories(folder.resolve("deeper"));
        try (FileSystem client = hdfs.client()) {
            client.mkdirs(path("/lab/odd/deeper"));
            for (String name : names) {
                Files.writeString(folder.resolve(name), name + "\n");
                copy(client, folder.resolve(name), "/lab/odd/" + name);
            }
        }
        assertEquals(entries("shared/odd"), entries("far/odd"));
        assertEquals(csv(local, "shared/odd"), csv(local, "far/odd"));
        assertEquals(
                List.of("a%20b.txt"),
                get(local, "/api/v1/datasets/preview?path=far/odd/a%2520b.txt").get("lines"));
        for (String path : List.of("far/none", "far/odd/_hidden.txt", "far/../lab", "far/odd/deeper/..")) {
            assertEquals("invalid_job", submit(local, path).get("code"), path);
        }
    }

    private static List<Object> entries(String path) {
        List<Object> entries = new ArrayList<>();
        for (Object entry :
                (List<?>) get(local, "/api/v1/datasets?path=" + path).get("entries")) {
            Map<?, ?> each = (Map<?, ?>) entry;
            entries.add(Arrays.asList(each.get("name"), each.get("kind"), each.get("bytes"), each.get("problem")));
        }
        return entries;
    }

    @Test
    void aFileWhoseBlocksAreLostIsNotSaidToBeDamaged() throws IOException {
        Set<Path> others = blocks();
        try (FileSystem client = hdfs.client()) {
            copy(client, base.resolve("copied/a.txt"), "/lab/lost/a.txt");
        }
        for (Path block : blocks()) {
            if (!others.contains(block)) {
                Files.delete(block);
            }
        }
        String reason = "The file far/lost/a.txt cannot be read: no datanode that has a part of the file answers";
        for (ServerProcess server : List.of(local, onCluster)) {
            Map<?, ?> error = error(run(server, "far/lost"));
            assertEquals("storage_unavailable", error.get("code"), error::toString);
            assertEquals(reason, error.get("message"));
        }
        Map<String, Object> preview = get(local, "/api/v1/datasets/preview?path=far/lost/a.txt");
        assertEquals("storage_unavailable", preview.get("code"), preview::toString);
        assertTrue(preview.get("detail").toString().startsWith(reason), preview::toString);
    }

    /** The files in which the datanode keeps the blocks of files. */
    private static Set<Path> blocks() throws IOException {
        try (Stream<Path> all = Files.walk(base.resolve("hdfs"))) {
            return all.filter(path -> path.getFileName().toString().matches("blk_\\d+"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void aDeadNamenodeHoldsUpNothingElse() {
        String reason = "The root dead cannot be reached: its host refuses the connection";
        Map<String, Object> refused = submit(local, "dead/a.txt");
        assertEquals("storage_unavailable", refused.get("code"), refused::toString);
        assertTrue(refused.get("detail").toString().startsWith(reason), refused::toString);
        assertEquals(
                "storage_unavailable", get(local, "/api/v1/datasets?path=dead").get("code"));
        Map<?, ?> dead = ((List<?>) get(local, "/api/v1/datasets").get("entries"))
                .stream()
                        .map(entry -> (Map<?, ?>) entry)
                        .filter(entry -> entry.get("name").equals("dead"))
                        .findFirst()
                        .orElseThrow();
        assertEquals("cannot be read now: " + reason, dead.get("problem"));
    }

    @Test
    void aFrozenNamenodeHoldsUpRequestsForAShortTimeOnly() {
        Map<String, Object> refused = submit(local, "frozen/a.txt");
        assertTrue(
                refused.get("detail")
                        .toString()
                        .startsWith("The root frozen cannot be reached: its host does not answer in time"),
                refused::toString);
        // Not asked again at once.
        assertEquals(refused.get("detail"), submit(local, "frozen/b.txt").get("detail"));
        csv(local, "samples/state-of-the-union");
    }
}
