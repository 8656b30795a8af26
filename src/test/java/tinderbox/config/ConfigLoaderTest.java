package tinderbox.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    @TempDir
    Path home;

    private ConfigLoader loader(Map<Setting, List<String>> flags, Map<String, String> environment, String file)
            throws IOException {
        Path path = null;
        if (file != null) {
            path = home.resolve("tinderbox.properties");
            Files.writeString(path, file);
        }
        return new ConfigLoader(flags, environment, path, home);
    }

    private List<String> problems(Map<Setting, List<String>> flags) {
        return assertThrows(
                        ConfigException.class,
                        () -> loader(flags, Map.of(), null).load())
                .problems();
    }

    @Test
    void withoutValuesTheDefaultsApply() throws Exception {
        Config config = loader(Map.of(), Map.of(), null).load();
        assertEquals("127.0.0.1", config.host());
        assertEquals(8080, config.port());
        assertEquals(home.resolve(".tinderbox"), config.dataDir());
        assertEquals("local[*]", config.master());
        assertEquals(Map.of(), config.roots());
        assertEquals(Runtime.getRuntime().availableProcessors(), config.maxRunning());
        assertEquals(10_000, config.maxQueued());
        assertEquals(1024, config.access().maxRunningPerToken());
        assertEquals(2_500, config.access().maxQueuedPerToken());
        assertEquals(2, config.maxAttempts());
        assertEquals(1L << 40, config.maxInputBytes());
        assertEquals(200, config.maxExpansion());
        assertEquals(List.of(), config.corsOrigins());
    }

    @Test
    void asManyJobsRunAsAClusterHasCores() throws Exception {
        assertNull(loader(Map.of(Setting.MASTER, List.of("spark://127.0.0.1:7077")), Map.of(), null)
                .load()
                .maxRunning());
    }

    @Test
    void flagsOverrideTheEnvironmentWhichOverridesTheFile() throws Exception {
        String file = "port=1\nmax-running=11\nmax-queued=111\nmax-running-per-token=5\nmax-queued-per-token=6\n";
        Map<String, String> environment = Map.of("TINDERBOX_PORT", "2", "TINDERBOX_MAX_RUNNING", "22");
        ConfigLoader loader = loader(Map.of(Setting.PORT, List.of("3")), environment, file);
        Config config = loader.load();
        assertEquals(List.of(3, 22, 111), List.of(config.port(), config.maxRunning(), config.maxQueued()));
        assertEquals(5, config.access().maxRunningPerToken());
        assertEquals(6, config.access().maxQueuedPerToken());
        List<String> described = loader.describe();
        assertTrue(described.contains("port = 3  (--port)"), described::toString);
        assertTrue(described.contains("max-running = 22  (TINDERBOX_MAX_RUNNING)"), described::toString);
        assertTrue(
                described.contains("max-queued = 111  (max-queued in " + home.resolve("tinderbox.properties") + ")"),
                described::toString);
        assertTrue(described.contains("host = 127.0.0.1  (default)"), described::toString);
    }

    @Test
    void sqlIsForAllForAdminsOrForNobody() throws Exception {
        assertEquals(
                Config.SqlAccess.ON, loader(Map.of(), Map.of(), null).load().sql());
        for (Config.SqlAccess access : Config.SqlAccess.values()) {
            String word = access.name().toLowerCase(Locale.ROOT);
            assertEquals(
                    access,
                    loader(Map.of(Setting.SQL, List.of(word)), Map.of(), null)
                            .load()
                            .sql());
        }
        assertEquals(List.of("--sql: \"yes\" must be on, admin or off"), problems(Map.of(Setting.SQL, List.of("yes"))));
    }

    @Test
    void outsideTheCommandLineSemicolonsSeparateValues() throws Exception {
        Path data = Files.createDirectory(home.resolve("data"));
        Config config = loader(
                        Map.of(Setting.SPARK_CONF, List.of("spark.a=1,2", "spark.b=x=y")),
                        Map.of("TINDERBOX_ROOT", "one=" + data + "; two=~/data"),
                        null)
                .load();
        Config.Root root = new Config.Root(data.toUri(), false);
        assertEquals(Map.of("one", root, "two", root), config.roots());
        assertEquals(Map.of("spark.a", "1,2", "spark.b", "x=y"), config.sparkConf());
    }

    @Test
    void aRootIsAPathOrAnAddress() throws Exception {
        Path folder = Files.createDirectory(home.resolve("a b"));
        URI uri = folder.toUri();
        Config config = loader(
                        Map.of(
                                Setting.ROOT,
                                List.of(
                                        "plain=" + folder,
                                        "shared=file:" + uri.getRawPath(),
                                        "far=hdfs://node:8020/x/a%20b")),
                        Map.of(),
                        null)
                .load();
        assertEquals(
                Map.of(
                        "plain",
                        new Config.Root(uri, false),
                        "shared",
                        new Config.Root(uri, true),
                        "far",
                        new Config.Root(URI.create("hdfs://node:8020/x/a%20b/"), true)),
                config.roots());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hdfs:///x",
                "hdfs://node:8020",
                "hdfs://root@node:8020/x",
                "hdfs://node:8020/x?a",
                "hdfs://node:8020/x#a",
                "hdfs://node/a b",
                "file://node/x",
                "file:x",
                "s3a://bucket/x",
                "HDFS://node/x",
                "a:b"
            })
    void anAddressOfAnotherKindIsNoRoot(String address) {
        List<String> problems = problems(Map.of(Setting.ROOT, List.of("lab=" + address)));
        assertEquals(1, problems.size(), problems::toString);
        assertTrue(
                problems.get(0)
                        .startsWith("--root: \"" + address
                                + "\" must be a path, an address of a folder that all workers of a cluster see"),
                problems::toString);
    }

    @Test
    void severalOriginsAreAllowed() throws Exception {
        List<String> both = List.of("https://lab.example.org", "http://localhost:3000");
        String joined = String.join("; ", both);

        assertEquals(
                both,
                loader(Map.of(Setting.CORS_ORIGIN, both), Map.of(), null).load().corsOrigins());
        assertEquals(
                both,
                loader(Map.of(), Map.of("TINDERBOX_CORS_ORIGIN", joined), null)
                        .load()
                        .corsOrigins());
        assertEquals(
                both,
                loader(Map.of(), Map.of(), "cors-origin=" + joined + "\n")
                        .load()
                        .corsOrigins());
    }

    @Test
    void originsAreNormalizedAsBrowsersSendThem() throws Exception {
        List<String> written = List.of("https://Lab.example.org:443", "HTTP://lab.example.org:80", "https://lab:80");

        assertEquals(
                List.of("https://lab.example.org", "http://lab.example.org", "https://lab:80"),
                loader(Map.of(Setting.CORS_ORIGIN, written), Map.of(), null)
                        .load()
                        .corsOrigins());
    }

    @Test
    void allProblemsAreReportedAtOnceWithTheirOrigin() {
        List<String> problems = problems(Map.of(
                Setting.PORT, List.of("70000"),
                Setting.MAX_RUNNING, List.of("many"),
                Setting.MASTER, List.of("yarn"),
                Setting.ROOT, List.of("no-path", "samples=" + home, "lab=" + home.resolve("missing")),
                Setting.SPARK_CONF, List.of("spark.master=x", "nothing"),
                Setting.CORS_ORIGIN, List.of("https://lab.example.org", "https://lab.example.org/page", "*")));
        assertEquals(10, problems.size(), problems::toString);
        assertTrue(problems.contains("--port: \"70000\" must be a whole number from 0 to 65535"), problems::toString);
    }

    @Test
    void aRootThatContainsTheDataDirIsRefusedUnlessTheDataDirIsHidden() throws Exception {
        Path data = Files.createDirectories(home.resolve("srv/tinderbox"));
        for (Path root : List.of(home.resolve("srv"), data, Files.createDirectory(data.resolve("active")))) {
            List<String> problems =
                    problems(Map.of(Setting.DATA_DIR, List.of(data.toString()), Setting.ROOT, List.of("all=" + root)));
            assertEquals(1, problems.size(), problems::toString);
            assertTrue(problems.get(0).contains("overlaps the data dir"), problems::toString);
        }
        Config hidden = loader(Map.of(Setting.ROOT, List.of("home=" + home)), Map.of(), null)
                .load();
        assertEquals(home.resolve(".tinderbox"), hidden.dataDir());
    }

    @Test
    void sizesAndDurationsHaveUnits() throws Exception {
        Config config = loader(
                        Map.of(
                                Setting.JOB_TIMEOUT, List.of("90s"),
                                Setting.GRACE, List.of("0s"),
                                Setting.MIN_FREE, List.of("8MiB"),
                                Setting.MAX_RESULT_BYTES, List.of("2TiB")),
                        Map.of(),
                        null)
                .load();
        assertEquals(Duration.ofSeconds(90), config.jobTimeout());
        assertEquals(Duration.ZERO, config.grace());
        assertEquals(8L << 20, config.minFreeBytes());
        assertEquals(2L << 40, config.maxResultBytes());
        assertEquals(
                5,
                problems(Map.of(
                                Setting.JOB_TIMEOUT, List.of("0s"),
                                Setting.MAX_INPUT_BYTES, List.of("0"),
                                Setting.MAX_EXPANSION, List.of("0"),
                                Setting.GRACE, List.of("soon"),
                                Setting.MAX_LOG_BYTES, List.of("64MB")))
                        .size());
    }

    @Test
    void anUnknownKeyInTheFileIsAProblem() {
        List<String> problems = assertThrows(
                        ConfigException.class,
                        () -> loader(Map.of(), Map.of(), "prot=80\nport=81\n").load())
                .problems();
        assertEquals(1, problems.size());
        assertTrue(problems.get(0).startsWith("unknown key prot"), problems::toString);
    }

    @Test
    void aMissingFileIsAProblem() {
        ConfigLoader loader = new ConfigLoader(Map.of(), Map.of(), home.resolve("nowhere"), home);
        assertThrows(ConfigException.class, loader::load);
    }

    @Test
    void aSecretIsNotPrinted() throws Exception {
        ConfigLoader loader =
                loader(Map.of(Setting.SPARK_CONF, List.of("spark.authenticate.secret=hush")), Map.of(), null);
        assertTrue(loader.describe().contains("spark-conf = spark.authenticate.secret=(hidden)  (--spark-conf)"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "spark.sql.variable.substitute=true | must be false: otherwise a query could read the server's"
                        + " environment; leave it out",
                "spark.sql.runSQLOnFiles= TRUE | must be false: otherwise a query could read any file that it names as"
                        + " a table; leave it out, and give jobs the folder with --root",
                "spark.sql.files.ignoreCorruptFiles=true | must be false: otherwise a result could lack the input that"
                        + " could not be read; leave it out, and repair the input",
                "spark.files.ignoreMissingFiles=true | must be false: otherwise a result could lack the input that"
                        + " could not be read; leave it out, and repair the input",
                "spark.hadoop.fs.tb.roots=x file:/// | cannot be set: otherwise jobs could read beyond the roots and"
                        + " limits; leave it out, and give jobs the folder with --root",
                "spark.hadoop.fs.file.impl=org.apache.hadoop.fs.LocalFileSystem | cannot be set: otherwise jobs could"
                        + " read any file of this machine; leave it out, and give jobs the folder with --root",
                "spark.hadoop.fs.AbstractFileSystem.file.impl=org.apache.hadoop.fs.local.LocalFs | cannot be set:"
                        + " otherwise jobs could read any file of this machine; leave it out, and give jobs the folder"
                        + " with --root",
                "spark.hadoop.io.compression.codecs= | cannot be set: otherwise a compressed input could unpack to more"
                        + " than --max-expansion allows; leave it out",
                "spark.executor.killOnFatalError.depth=5 | must be 0: otherwise a job that runs out of memory would end"
                        + " the server; leave it out",
                "spark.task.cpus=4 | must be 1: otherwise a job could wait for ever for so many cores of an executor; leave"
                        + " it out",
                "spark.authenticate=false | must be true: otherwise other users of this machine could use Spark's"
                        + " ports; leave it out",
                "spark.driver.bindAddress=0.0.0.0 | must be a loopback address: otherwise other machines could reach"
                        + " Spark's ports; leave it out"
            })
    void aSparkSettingThatWeakensSafetyIsRefused(String setting, String problem) {
        String name = setting.substring(0, setting.indexOf('='));
        assertEquals(
                List.of("--spark-conf: " + name + " " + problem),
                problems(Map.of(Setting.SPARK_CONF, List.of(setting))));
    }

    @Test
    void aWeakSparkSettingIsRefusedWhereverItComesFrom() {
        String weak = "spark.sql.runSQLOnFiles=true";
        String inEnvironment = assertThrows(
                        ConfigException.class,
                        () -> loader(Map.of(), Map.of("TINDERBOX_SPARK_CONF", "spark.a=b;" + weak), null)
                                .load())
                .getMessage();
        assertTrue(inEnvironment.startsWith("TINDERBOX_SPARK_CONF: spark.sql.runSQLOnFiles must be"), inEnvironment);
        String inFile = assertThrows(
                        ConfigException.class,
                        () -> loader(Map.of(), Map.of(), "spark-conf=" + weak).load())
                .getMessage();
        assertTrue(inFile.contains("spark.sql.runSQLOnFiles must be"), inFile);
        // Hadoop would drop the control character.
        assertEquals(
                1,
                problems(Map.of(Setting.SPARK_CONF, List.of("spark.hadoop.\u0001fs.file.impl\u0001=x")))
                        .size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark.sql.runSQLOnFiles=False",
                "spark.sql.variable.substitute= false ",
                "spark.executor.killOnFatalError.depth=0",
                "spark.authenticate=true",
                "spark.driver.bindAddress=[::1]",
                "spark.hadoop.fs.hdfs.impl=org.apache.hadoop.hdfs.DistributedFileSystem",
                "spark.hadoop.fs.s3a.access.key=x",
                "spark.eventLog.dir=/var/log/spark"
            })
    void aSparkSettingThatDoesNotWeakenSafetyIsTaken(String setting) throws Exception {
        Config config = loader(Map.of(Setting.SPARK_CONF, List.of(setting)), Map.of(), null)
                .load();
        assertEquals(1, config.sparkConf().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark.authenticate=false",
                "spark.authenticate=true",
                "spark.authenticate.secret=0123456789abcdef0123456789abcdef",
                "spark.network.crypto.enabled=false",
                "spark.network.crypto.saslFallback=true",
                "spark.ssl.rpc.enabled=true",
                "spark.driver.host=0.0.0.0",
                "spark.driver.port=7078",
                "spark.driver.blockManager.port=7079",
                "spark.cores.max=4"
            })
    void whatProtectsAClusterHasItsOwnOptions(String setting) {
        Map<Setting, List<String>> flags =
                Map.of(Setting.MASTER, List.of("spark://cluster:7077"), Setting.SPARK_CONF, List.of(setting));
        List<String> problems = problems(flags);
        assertEquals(1, problems.size());
        assertTrue(problems.get(0).contains("leave it out") || problems.get(0).contains("has its own flag; use --"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hdfs://h/..", "hdfs://h/a/../../b", "hdfs://h/%2e%2e/x", "hdfs://h:99999/lab"})
    void aRootThatAnHdfsCannotHaveIsRefused(String address) {
        assertEquals(
                1, problems(Map.of(Setting.ROOT, List.of("lab=" + address))).size());
    }

    @Test
    void settingsOfAClusterAreChecked() throws Exception {
        Map<Setting, List<String>> flags = Map.of(
                Setting.DRIVER_HOST, List.of("10.0.0.5"),
                Setting.DRIVER_PORTS, List.of("7178,7179"),
                Setting.CORES_MAX, List.of("6"));
        assertEquals(
                new Config.Cluster(null, "10.0.0.5", List.of(7178, 7179), 6, false),
                loader(flags, Map.of(), null).load().cluster());
        assertEquals(
                new Config.Cluster(null, null, List.of(), null, false),
                loader(Map.of(), Map.of(), null).load().cluster());
        for (String ports : List.of("7178", "7178,7178", "80,7178", "7178,70000", "a,b")) {
            assertEquals(
                    List.of("--driver-ports: \"" + ports + "\" must be two different ports from 1024 to 65535, such as"
                            + " 7178,7179"),
                    problems(Map.of(Setting.DRIVER_PORTS, List.of(ports))));
        }
        assertEquals(
                1, problems(Map.of(Setting.DRIVER_HOST, List.of("http://x"))).size());
        assertEquals(1, problems(Map.of(Setting.CORES_MAX, List.of("0"))).size());
        assertEquals(
                1,
                problems(Map.of(Setting.MASTER, List.of("spark://cluster:70777")))
                        .size());
    }
}
