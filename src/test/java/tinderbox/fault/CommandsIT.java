package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.security.auth.Role;
import tinderbox.security.auth.TokenAdmin;
import tinderbox.support.SelfSignedCertificate;

/** The commands of users as processes: on a terminal, in a pipe, interrupted, and with TLS and a token. */
class CommandsIT {
    @TempDir
    Path folder;

    private Path temporary;

    @BeforeEach
    void files() throws IOException {
        temporary = Files.createDirectory(folder.resolve("temporary"));
        Files.writeString(folder.resolve("book.txt"), "a b a\nc a b é\n");
        Files.writeString(folder.resolve("trips.csv"), "city,trips\nBern,3\nZürich,5\n");
    }

    /** What a process printed, and how it ended. */
    private record Run(int code, String out, String err) {}

    private Process start(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        // In the locale of a bare system, results are still in UTF-8.
        builder.environment().keySet().removeIf(name -> name.startsWith("TINDERBOX_") || name.startsWith("LC_"));
        builder.environment().putAll(Map.of("TMPDIR", temporary.toString(), "LANG", "C", "TERM", "xterm"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Run ended(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the command did not end: " + output("out") + output("err"));
        }
        return new Run(process.exitValue(), output("out"), output("err"));
    }

    private String output(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ServerProcess.quickStartOptions());
        command.addAll(List.of("-Xmx512m", "-jar", ServerProcess.jar().toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private List<Path> dataDirs() {
        try (Stream<Path> all = Files.list(temporary)) {
            return all.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void inAPipeOnlyTheRowsAreOnStandardOutput() throws Exception {
        Path abandoned = Files.createDirectories(temporary.resolve(".tinderbox-run-1/active"))
                .getParent();
        Files.writeString(abandoned.resolve("run.lock"), "");
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minusSeconds(3600)));
        Run run = ended(start(
                Map.of("TINDERBOX_HOST", "0.0.0.0"),
                command(
                        "run",
                        "sql",
                        "SELECT t.city, n.word FROM `trips.csv` t, read_text('book.txt') n(word)"
                                + " WHERE trips > :least AND word LIKE 'c%'",
                        "--args",
                        "least=3",
                        "--format",
                        "csv")));
        assertEquals(new Run(0, "city,word\nZürich,c a b é\n", ""), run);
        assertEquals(List.of(), dataDirs());
    }

    @Test
    void aTerminalShowsTheProgressAndAPipeOfTheRowsNothingElse() throws Exception {
        List<String> words = new ArrayList<>();
        command("run", "word-count", "book.txt", "--top", "2", "--delay-seconds", "1")
                .forEach(word -> words.add("'" + word + "'"));
        // Its standard error is a terminal, its standard output a file.
        Run run = ended(start(
                Map.of(),
                List.of(
                        "script",
                        "-qec",
                        String.join(" ", words) + " >rows",
                        folder.resolve("typescript").toString())));
        assertEquals(0, run.code(), run.out() + run.err());
        assertEquals("word  count\n----  -----\na         3\nb         2\n", output("rows"));
        String shown = run.out();
        assertTrue(shown.contains("\r\033[Kstarting Spark, 0 s"), shown);
        assertTrue(shown.contains("\r\033[Kwaiting, "), shown);
        assertTrue(
                shown.endsWith("\r\033[Ktinderbox: these are 2 of 4 rows; --top N prints more, --format csv all of"
                        + " them\r\n"),
                shown);
    }

    @Test
    void interruptingARunCancelsItsJobAndLeavesNothing() throws Exception {
        Process process = start(Map.of(), command("run", "word-count", "book.txt", "--delay-seconds", "60"));
        await().until(() -> !process.isAlive() || isRunning());
        assertTrue(process.isAlive(), () -> errors());
        assertEquals(
                0,
                new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor());
        assertEquals(new Run(130, "", "tinderbox: cancelled\n"), ended(process));
        assertEquals(List.of(), dataDirs());
    }

    private String errors() {
        try {
            return output("err");
        } catch (IOException e) {
            return e.toString();
        }
    }

    private boolean isRunning() throws IOException {
        try (Stream<Path> all = Files.find(temporary, 4, (path, attributes) -> path.endsWith("attempt-1"))) {
            return all.findAny().isPresent();
        } catch (UncheckedIOException e) {
            // A folder was renamed meanwhile.
            return false;
        }
    }

    @Test
    void aClientUsesTlsAndATokenAndLoadsNoSpark() throws Exception {
        Path data = Files.createDirectory(folder.resolve("data"));
        String admin = new TokenAdmin(data, Clock.systemUTC()).create("ann", Role.ADMIN, null);
        SelfSignedCertificate certificate = new SelfSignedCertificate(folder, "EC");
        try (ServerProcess server = ServerProcess.on(data)
                .with(
                        "--tls-cert",
                        certificate.chain().toString(),
                        "--tls-key",
                        certificate.key().toString())
                .start()) {
            URI url = URI.create("https://localhost:" + server.uri().getPort());
            Map<String, String> environment = Map.of("TINDERBOX_URL", url.toString(), "TINDERBOX_TOKEN", admin);
            Run untrusted = ended(start(environment, command("list")));
            assertEquals(3, untrusted.code(), untrusted.err());
            assertTrue(untrusted.err().contains("give it with --cacert FILE"), untrusted.err());

            String[] trust = {"--cacert", certificate.chain().toString()};
            Run refused = ended(start(Map.of("TINDERBOX_URL", url.toString()), command("list", trust[0], trust[1])));
            assertEquals(5, refused.code(), refused.err());
            assertTrue(
                    refused.err().contains("needs a token; put yours into the environment variable TINDERBOX_TOKEN"));

            Path classes = folder.resolve("classes");
            List<String> submit = command("submit", "word-count", trust[0], trust[1]);
            submit.add(1, "-Xlog:class+load:file=" + classes);
            Run submitted = ended(start(environment, submit));
            assertEquals(0, submitted.code(), submitted.err());
            String loaded = Files.readString(classes);
            assertTrue(loaded.contains("tinderbox.client.TinderboxClient"), "the log has the classes");
            for (String name : List.of(" org.apache.spark", " org.apache.hadoop", " scala.", " org.apache.logging")) {
                assertFalse(loaded.contains(name), name);
            }

            String id = submitted.out().strip();
            Run waited = ended(start(environment, command("wait", id, trust[0], trust[1])));
            assertEquals(new Run(0, "", ""), waited);
            String pipe = "'" + String.join("' '", command("result", id, trust[0], trust[1], "--format", "csv"))
                    + "' | head -n 1; echo ${PIPESTATUS[0]}";
            Run cut = ended(start(environment, List.of("bash", "-c", pipe)));
            assertEquals("word,count\n141\n", cut.out());
            assertEquals("", cut.err());

            Run created = ended(start(
                    environment,
                    command(
                            "token",
                            "create",
                            "--name",
                            "lab",
                            "--role",
                            "viewer",
                            "--expires",
                            "1d",
                            "--server",
                            url.toString(),
                            trust[0],
                            trust[1])));
            assertTrue(
                    created.out().matches("\\S{43}\nThis is the token lab \\(viewer\\)\\..*\n"),
                    created.out() + created.err());
            Run listed =
                    ended(start(environment, command("token", "list", "--server", url.toString(), trust[0], trust[1])));
            assertTrue(listed.out().contains("\nlab   viewer  "), listed.out());
        }
    }
}
