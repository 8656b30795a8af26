package tinderbox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.common.LaunchCommand;
import tinderbox.config.Setting;
import tinderbox.security.audit.AuditAction;
import tinderbox.security.audit.AuditEvent;
import tinderbox.security.audit.AuditLog;
import tinderbox.store.DataDir;
import tinderbox.store.FolderJobStore;

/** The command line: in a separate process for exit codes and JVM options, else inside this JVM. */
class MainTest {
    @TempDir
    Path folder;

    private CliRun process(List<String> jvm, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(jvm);
        command.add("tinderbox.cli.Main");
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the process did not end: " + Files.readString(out) + Files.readString(err));
        }
        return new CliRun(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private static List<String> classPath() {
        return List.of("-cp", System.getProperty("java.class.path"));
    }

    @Test
    void helpBeginsWithTheUsageAndNamesEveryCommand() throws Exception {
        String command = "/opt/a long folder for tools/of the laboratory/tinderbox/run.sh";
        List<String> jvm = new ArrayList<>(classPath());
        jvm.add("-Dtinderbox.command=" + command);
        CliRun help = process(jvm, "--help");
        assertEquals(0, help.code());
        assertTrue(help.out().startsWith("Usage: '" + command + "' [OPTIONS] [COMMAND]\n"), help.out());
        assertTrue(help.out().contains("  '" + command + "'   (serves on http://127.0.0.1:8080/)\n"), help.out());
        assertTrue(help.out().contains("  '" + command + "' --root lab=/data/lab "), help.out());
        for (String name : RootCommand.commandLine().getSubcommands().keySet()) {
            assertTrue(
                    Pattern.compile("[ ,]" + name + "[, \n]")
                            .matcher(help.out())
                            .find(),
                    name);
        }
        assertEquals("", help.err());
        assertEquals(CliRun.of("--help").out(), CliRun.of("help").out());
    }

    @Test
    void theHelpOfServeNamesEverySetting() {
        CliRun help = CliRun.of("serve", "--help");
        assertEquals(0, help.code());
        for (Setting setting : Setting.values()) {
            assertTrue(help.out().contains(setting.flag()), setting.flag());
        }
        assertTrue(help.out().contains("spark://host:port"), help.out());
        assertTrue(help.out().contains("Exit codes"), help.out());
    }

    @Test
    void versionNamesWhatIsInside() throws Exception {
        CliRun version = CliRun.of("--version");
        assertEquals(0, version.code());
        assertTrue(version.out().matches("Tinderbox \\S+, Spark 4\\.2\\.0, Java \\S+\\s+"), version.out());
    }

    @Test
    void printConfigShowsEachValueAndItsOrigin() throws Exception {
        CliRun printed = CliRun.of("serve", "--port", "0", "--print-config");
        assertEquals(0, printed.code());
        assertTrue(printed.out().contains("port = 0  (--port)"), printed.out());
        assertTrue(printed.out().contains("max-queued = 10000  (default)"), printed.out());
    }

    @Test
    void aSparkSettingThatWeakensSafetyPreventsTheStart() throws Exception {
        CliRun run = CliRun.of("serve", "--spark-conf", "spark.sql.runSQLOnFiles=true");
        assertEquals(2, run.code());
        assertEquals(
                "tinderbox: --spark-conf: spark.sql.runSQLOnFiles must be false: otherwise a query could read any file"
                        + " that it names as a table; leave it out, and give jobs the folder with --root\n",
                run.err());
    }

    @Test
    void allWrongSettingsAreReportedAtOnce() throws Exception {
        CliRun run = process(classPath(), "--port", "x", "--max-queued", "0");
        assertEquals(2, run.code());
        assertEquals(2, run.err().lines().count(), run.err());
        assertTrue(run.err().contains("--port") && run.err().contains("--max-queued"), run.err());
    }

    @ParameterizedTest
    @CsvSource({
        "--prot, --port",
        "--max-runing, --max-running",
        "tokne, token",
        "audti, audit",
        "token craete, create",
        "backup x.zip --data-dri y, --data-dir"
    })
    void mistypedNamesGetASuggestion(String typed, String meant) throws Exception {
        CliRun run = CliRun.of(typed.split(" "));
        assertEquals(2, run.code());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains("; did you mean " + meant + "? See "), run.err());
        assertTrue(run.err().contains(" --help"), run.err());
    }

    @ParameterizedTest
    @CsvSource({
        "-p 8081, unknown option -p; see ./run.sh",
        "start, unknown command \"start\"; see ./run.sh",
        "backup x.zip y.zip, unexpected argument \"y.zip\"; see ./run.sh"
    })
    void unknownArgumentsWithoutASimilarNameAreOnlyNamed(String typed, String message) throws Exception {
        CliRun run = CliRun.of(typed.split(" "));
        assertEquals(2, run.code());
        assertTrue(run.err().contains(message.replace("./run.sh", LaunchCommand.text())), run.err());
    }

    @Test
    void backupCopiesADataDirAndReportsWhatItCannotCopy() throws Exception {
        Path data = folder.resolve("data");
        Path zip = folder.resolve("copy.zip");
        CliRun none = CliRun.of("backup", zip.toString(), "--data-dir", data.toString());
        assertEquals(3, none.code(), none.err());
        assertTrue(none.err().contains("--data-dir"), none.err());
        new FolderJobStore(data, Clock.systemUTC()).close();
        CliRun copied = CliRun.of("backup", zip.toString(), "--data-dir", data.toString());
        assertEquals(0, copied.code(), copied.err());
        assertTrue(copied.out().startsWith("Copied 0 jobs from " + data), copied.out());
        assertEquals(
                1,
                CliRun.of("backup", zip.toString(), "--data-dir", data.toString())
                        .code(),
                "it is there already");
        assertEquals(2, CliRun.of("backup").code(), "no file named");
        CliRun nowhere = CliRun.of("backup", folder.resolve("no/copy.zip").toString(), "--data-dir", data.toString());
        assertTrue(nowhere.err().contains("there is no folder " + folder.resolve("no")), nowhere.err());
    }

    @Test
    void auditVerifyNamesTheFirstBadLine() throws Exception {
        Path data = folder.resolve("data");
        CliRun none = CliRun.of("audit", "verify", "--data-dir", data.toString());
        assertEquals(3, none.code(), none.err());
        assertTrue(none.err().contains("there is no audit log in " + data), none.err());
        new AuditLog(data, Clock.systemUTC()).close();
        CliRun empty = CliRun.of("audit", "verify", "--data-dir", data.toString());
        assertEquals(3, empty.code(), empty.out());
        assertTrue(empty.err().contains("has no lines"), empty.err());
        try (AuditLog log = new AuditLog(data, Clock.systemUTC())) {
            for (int i = 0; i < 3; i++) {
                log.append(new AuditEvent("ann", null, null, AuditAction.LOGIN, "job", null, 204, null, null));
            }
        }
        CliRun good = CliRun.of("audit", "verify", "--data-dir", data.toString());
        assertEquals(0, good.code(), good.err());
        assertTrue(good.out().startsWith("All 3 lines of the audit log in " + data + " are good"), good.out());
        assertTrue(good.out().contains("The last line has seq 3, hash "), good.out());
        Path file = data.resolve("audit/audit.jsonl");
        Files.writeString(file, Files.readString(file).replaceFirst("(\"seq\":2.*)\"ann\"", "$1\"bob\""));
        CliRun bad = CliRun.of("audit", "verify", "--data-dir", data.toString());
        assertEquals(1, bad.code(), bad.err());
        assertTrue(bad.err().contains(file + ", line 2: it has a hash that does not fit"), bad.err());
        CliRun what = CliRun.of("audit");
        assertEquals(2, what.code(), what.err());
        assertTrue(what.err().contains("audit verify"), what.err());
    }

    @Test
    void aPortInUseExitsWithThreeAndSaysWhatToDo() throws Exception {
        try (ServerSocket inUse = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CliRun run = process(
                    classPath(),
                    "--port",
                    Integer.toString(inUse.getLocalPort()),
                    "--data-dir",
                    folder.resolve("data").toString());
            assertEquals(3, run.code(), run.err());
            assertTrue(run.err().contains("choose another with --port"), run.err());
            assertFalse(run.err().contains("\tat "), run.err());
        }
    }

    @Test
    void aDataDirInUseExitsWithThreeAndNamesTheProcess() throws Exception {
        Path data = folder.resolve("data");
        try (DataDir held = DataDir.open(data)) {
            CliRun run = process(
                    classPath(), "--port", "0", "--data-dir", held.path().toString());
            assertEquals(3, run.code(), run.err());
            assertTrue(run.err().contains("process " + ProcessHandle.current().pid()), run.err());
        }
    }

    @Test
    void aHeapThatIsTooSmallIsReportedInOneLineBeforeAnythingStarts() throws Exception {
        Path data = folder.resolve("data");
        List<String> small = new ArrayList<>(classPath());
        small.add("-Xmx256m");
        CliRun run = process(small, "--port", "0", "--data-dir", data.toString());
        assertEquals(2, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains("needs at least 512 MiB; start ./run.sh with JAVA_OPTS="), run.err());
        assertEquals("", run.out());
        assertFalse(Files.exists(data), "nothing was started");
    }

    @Test
    void aJarThatJavaCannotReadIsReportedInOneLine() throws Exception {
        List<String> bang =
                List.of("-cp", System.getProperty("java.class.path") + ":" + folder.resolve("here!/tinderbox.jar"));
        CliRun run = process(bang, "--help");
        assertEquals(2, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains("a folder whose name ends in \"!\""), run.err());
    }

    @Test
    void aDataDirThatCannotBeCreatedExitsWithThree() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        CliRun run =
                CliRun.of("--port", "0", "--data-dir", file.resolve("below").toString());
        assertEquals(3, run.code(), run.err());
        assertEquals(
                "tinderbox: the data dir " + file + "/below cannot be made (not a folder: " + file
                        + "); choose a folder that you can write to with --data-dir, or have its owner let you in\n",
                run.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port 0",
                "backup copy.zip",
                "token list",
                "token create --name a --role admin",
                "token revoke a",
                "token open",
                "audit verify"
            })
    void everyCommandRefusesADataDirOfANewerVersionAndChangesNothing(String command) throws Exception {
        Path data = folder.resolve("data");
        new FolderJobStore(data, Clock.systemUTC()).close();
        new AuditLog(data, Clock.systemUTC()).close();
        Files.writeString(data.resolve("format"), "7\n");
        Set<Path> before = files(data);
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.addAll(List.of("--data-dir", data.toString()));
        CliRun run = CliRun.of(arguments.toArray(String[]::new));
        assertEquals(3, run.code(), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(
                run.err().startsWith("tinderbox: the data dir " + data + " has format 7, and this version"), run.err());
        assertEquals("", run.out());
        assertEquals(before, files(data));
    }

    private static Set<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.collect(Collectors.toSet());
        }
    }
}
