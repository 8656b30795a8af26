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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tinderbox.common.LaunchCommand;
import tinderbox.config.Setting;
import tinderbox.security.audit.AuditAction;
import tinderbox.security.audit.AuditEvent;
import tinderbox.security.audit.AuditLog;
import tinderbox.store.DataDir;
import tinderbox.store.FolderJobStore;

/** The command line: in a process of its own for exit codes and JVM options, else inside this JVM. */
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
    void helpBeginsWithTheUsageAndNamesEverySetting() throws Exception {
        String command = "/opt/a long folder for tools/of the laboratory/tinderbox/run.sh";
        List<String> jvm = new ArrayList<>(classPath());
        jvm.add("-Dtinderbox.command=" + command);
        CliRun help = process(jvm, "--help");
        assertEquals(0, help.code());
        assertTrue(help.out().startsWith("Usage: '" + command + "' [OPTIONS] [COMMAND]\n"), help.out());
        assertTrue(help.out().contains("  '" + command + "'   (serves on http://127.0.0.1:8080/)\n"), help.out());
        assertTrue(help.out().contains("spark://host:port"), help.out());
        assertTrue(help.out().contains("  '" + command + "' token create --name lab --role submitter\n"), help.out());
        for (Setting setting : Setting.values()) {
            assertTrue(help.out().contains(setting.flag()), setting.flag());
        }
        assertTrue(help.out().contains("Exit codes"), help.out());
        assertEquals("", help.err());
        assertEquals(CliRun.of("--help").out(), CliRun.of("help").out());
    }

    @Test
    void versionNamesWhatIsInside() throws Exception {
        CliRun version = CliRun.of("--version");
        assertEquals(0, version.code());
        assertTrue(version.out().matches("Tinderbox \\S+, Spark 4\\.2\\.0, Java \\S+\\s+"), version.out());
    }

    @Test
    void printConfigTellsEachValueAndItsOrigin() throws Exception {
        CliRun printed = CliRun.of("serve", "--port", "0", "--print-config");
        assertEquals(0, printed.code());
        assertTrue(printed.out().contains("port = 0  (--port)"), printed.out());
        assertTrue(printed.out().contains("max-queued = 10000  (default)"), printed.out());
    }

    @Test
    void wrongSettingsEndWithTwoAndAllOfThemTold() throws Exception {
        CliRun ended = process(classPath(), "--port", "x", "--max-queued", "0");
        assertEquals(2, ended.code());
        assertEquals(2, ended.err().lines().count(), ended.err());
        assertTrue(ended.err().contains("--port") && ended.err().contains("--max-queued"), ended.err());
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
    void whatIsUnknownEndsWithTwoAndASuggestion(String typed, String meant) throws Exception {
        CliRun ended = CliRun.of(typed.split(" "));
        assertEquals(2, ended.code());
        assertEquals(1, ended.err().lines().count(), ended.err());
        assertTrue(ended.err().contains("; did you mean " + meant + "? "), ended.err());
        assertTrue(ended.err().contains("--help shows what there is"), ended.err());
    }

    @ParameterizedTest
    @CsvSource({
        "-p 8081, there is no option -p; ./run.sh",
        "start, there is no command \"start\"; ./run.sh",
        "backup x.zip y.zip, \"y.zip\" is one argument too many; ./run.sh"
    })
    void whatIsLikeNothingIsOnlyNamed(String typed, String answer) throws Exception {
        CliRun ended = CliRun.of(typed.split(" "));
        assertEquals(2, ended.code());
        assertTrue(ended.err().contains(answer.replace("./run.sh", LaunchCommand.text())), ended.err());
    }

    @Test
    void backupCopiesADataDirAndSaysWhatItCannotCopy() throws Exception {
        Path data = folder.resolve("data");
        Path zip = folder.resolve("copy.zip");
        CliRun none = CliRun.of("backup", zip.toString(), "--data-dir", data.toString());
        assertEquals(3, none.code(), none.err());
        assertTrue(none.err().contains("--data-dir"), none.err());
        new FolderJobStore(data, Clock.systemUTC()).close();
        CliRun copied = CliRun.of("backup", zip.toString(), "--data-dir", data.toString());
        assertEquals(0, copied.code(), copied.err());
        assertTrue(copied.out().startsWith("Copied 0 jobs of " + data), copied.out());
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
        assertTrue(good.out().contains("The last is seq 3, hash "), good.out());
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
    void aTakenPortEndsWithThreeAndSaysWhatToDo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CliRun ended = process(
                    classPath(),
                    "--port",
                    Integer.toString(taken.getLocalPort()),
                    "--data-dir",
                    folder.resolve("data").toString());
            assertEquals(3, ended.code(), ended.err());
            assertTrue(ended.err().contains("choose another with --port"), ended.err());
            assertFalse(ended.err().contains("\tat "), ended.err());
        }
    }

    @Test
    void aDataDirInUseEndsWithThreeAndNamesTheHolder() throws Exception {
        Path data = folder.resolve("data");
        try (DataDir held = DataDir.open(data)) {
            CliRun ended = process(
                    classPath(), "--port", "0", "--data-dir", held.path().toString());
            assertEquals(3, ended.code(), ended.err());
            assertTrue(ended.err().contains("process " + ProcessHandle.current().pid()), ended.err());
        }
    }

    @Test
    void aHeapThatIsTooSmallIsOneLineBeforeAnythingStarts() throws Exception {
        Path data = folder.resolve("data");
        List<String> small = new ArrayList<>(classPath());
        small.add("-Xmx256m");
        CliRun ended = process(small, "--port", "0", "--data-dir", data.toString());
        assertEquals(2, ended.code(), ended.err());
        assertEquals(1, ended.err().lines().count(), ended.err());
        assertTrue(ended.err().contains("needs at least 512 MiB; start ./run.sh with JAVA_OPTS="), ended.err());
        assertEquals("", ended.out());
        assertFalse(Files.exists(data), "nothing was started");
    }

    @Test
    void aJarThatJavaCannotReadIsOneLine() throws Exception {
        List<String> bang =
                List.of("-cp", System.getProperty("java.class.path") + ":" + folder.resolve("here!/tinderbox.jar"));
        CliRun ended = process(bang, "--help");
        assertEquals(2, ended.code(), ended.err());
        assertEquals(1, ended.err().lines().count(), ended.err());
        assertTrue(ended.err().contains("a folder whose name ends in \"!\""), ended.err());
    }

    @Test
    void aDataDirThatCannotBeMadeEndsWithThree() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        CliRun ended =
                CliRun.of("--port", "0", "--data-dir", file.resolve("below").toString());
        assertEquals(3, ended.code(), ended.err());
        assertEquals(
                "tinderbox: the data dir " + file + "/below cannot be made (not a folder: " + file
                        + "); choose a folder that you can write to with --data-dir, or have its owner let you in\n",
                ended.err());
    }
}
